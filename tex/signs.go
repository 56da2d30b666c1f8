package tex

import "strings"

// signs are the commands that stand for one sign.
var signs = func() map[string]Node {
	all := make(map[string]Node)
	add := func(kind Kind, pairs string) {
		fields := strings.Fields(pairs)
		for i := 0; i < len(fields); i += 2 {
			all[`\`+fields[i]] = Node{Kind: kind, Text: fields[i+1]}
		}
	}
	add(Ident, `alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ
		upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω infty ∞ ell ℓ emptyset ∅ hbar ℏ
		log log ln ln exp exp sin sin cos cos tan tan gcd gcd deg deg`)
	add(Operator, `cdot ⋅ times × div ÷ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ propto ∝ ll ≪ gg ≫ to → rightarrow → leftarrow ← Rightarrow ⇒
		iff ⇔ mapsto ↦ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ setminus ∖ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ oplus ⊕ circ ∘ bullet ∙ ldots … dots … cdots ⋯ mid ∣
		lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ langle ⟨ rangle ⟩ vert | parallel ∥ partial ∂ nabla ∇ { { } } % % $ $ # # & & _ _ bmod mod`)
	add(Large, "sum ∑ prod ∏ int ∫ max max min min lim lim sup sup inf inf bigcup ⋃ bigcap ⋂")
	add(Space, `, 0.1667 : 0.2222 ; 0.2778 quad 1 qquad 2`)
	all[`\ `] = Node{Kind: Space, Text: "0.25"}
	all[`\!`] = Node{Kind: Row}
	return all
}()
