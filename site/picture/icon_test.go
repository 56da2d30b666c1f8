package picture

import (
	"bytes"
	"image"
	"image/png"
	"testing"
)

func TestIconsAreWhole(t *testing.T) {
	for _, side := range []int{16, 192, 512} {
		made, err := new(Drawer).Icon(side)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := new(Drawer).Icon(side)
		if !bytes.Equal(made, again) {
			t.Errorf("two icons of %d pixels differ", side)
		}
		icon, err := png.Decode(bytes.NewReader(made))
		if err != nil || icon.Bounds() != image.Rect(0, 0, side, side) {
			t.Fatalf("an icon of %d pixels is %v, %v", side, icon, err)
		}
		seen := make(map[shade]bool)
		for _, s := range icon.(*image.Paletted).Pix {
			seen[s] = true
		}
		if !seen[onDark] || !seen[onDark2] || len(seen) != 3 {
			t.Errorf("an icon of %d pixels has the shades %v", side, seen)
		}
	}
}

// TestTheMarkIsSeenOnMaskableIcons: of a maskable icon all within a circle of 40 % of its side around the middle is shown
// (https://www.w3.org/TR/appmanifest/#icon-masks).
func TestTheMarkIsSeenOnMaskableIcons(t *testing.T) {
	const radius = grid * 40 / 100
	for _, b := range mark {
		for _, corner := range []image.Point{b.Min, {b.Min.X, b.Max.Y}, {b.Max.X, b.Min.Y}, b.Max} {
			if d := corner.Sub(image.Pt(grid/2, grid/2)); d.X*d.X+d.Y*d.Y > radius*radius {
				t.Errorf("%v lies outside of what is shown", corner)
			}
		}
	}
}
