package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"

	"course/program"
)

// format is part of each key: what is stored, and what it depends on, changes its meaning with it.
const format = "course result 5"

// terms are what a result depends on beside its program.
type terms struct {
	toolchain string // its identity
	worker    string // hash of package worker's source
	machine   Machine
}

// key hashes everything that shapes the result of p, which is trusted or runs in the sandbox. Its ID does not: a lesson may be renamed.
func (t terms) key(p program.Program, trusted bool) string {
	var d digest
	d.add(format, t.toolchain, t.worker, t.machine.OS, t.machine.Arch, p.Source)
	o := p.Options
	d.number(map[bool]int64{true: 1}[trusted], int64(len(o.Modes)))
	for _, m := range o.Modes {
		d.add(string(m))
	}
	d.number(int64(timeout(o)), int64(o.Procs), int64(len(o.Env)))
	d.add(o.Env...)
	if o.Stdin != nil {
		d.add("stdin", *o.Stdin)
	}
	d.number(int64(len(o.Files)))
	for _, name := range slices.Sorted(maps.Keys(o.Files)) {
		d.add(name, o.Files[name])
	}
	d.number(int64(len(o.Output)))
	for _, mode := range slices.Sorted(maps.Keys(o.Output)) {
		out := o.Output[mode]
		d.add(string(mode), out.Text)
		d.number(int64(out.Line), map[bool]int64{true: 1}[out.Unordered])
	}
	d.number(int64(len(o.Expect)))
	for _, mode := range slices.Sorted(maps.Keys(o.Expect)) {
		d.add(string(mode), string(o.Expect[mode].Kind))
		d.number(int64(o.Expect[mode].Exit))
	}
	if o.Measure {
		d.add("measured", t.machine.CPU, t.machine.Kernel)
		d.number(int64(repeat(o)), int64(t.machine.Cores), t.machine.Memory)
	}
	return d.sum()
}

// A digest is an encoding to be hashed, in which no two sequences of values are the same bytes.
type digest struct{ buf []byte }

func (d *digest) add(values ...string) {
	for _, v := range values {
		d.number(int64(len(v)))
		d.buf = append(d.buf, v...)
	}
}

func (d *digest) number(values ...int64) {
	for _, v := range values {
		d.buf = append(strconv.AppendInt(d.buf, v, 10), ' ')
	}
}

func (d *digest) sum() string {
	sum := sha256.Sum256(d.buf)
	return hex.EncodeToString(sum[:])
}
