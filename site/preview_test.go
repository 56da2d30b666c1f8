package site

import (
	"bytes"
	"image/png"
	"maps"
	"slices"
	"testing"

	"course/site/picture"
)

// TestPreviewsAreDrawnWhereTheSiteIsPublished: each page names a picture that is there, and no two lessons have the same.
func TestPreviewsAreDrawnWhereTheSiteIsPublished(t *testing.T) {
	s := published(t, "url: https://example.org/course/\n")
	seen := make(map[string]string)
	for name, head := range heads(t, s) {
		if name == missingName {
			continue
		}
		image := head["og:image"]
		file := image[min(len(image), len(s.course.URL)):]
		data, err := s.ReadFile(file)
		if err != nil {
			t.Errorf("%s names the picture %q: %v", name, image, err)
			continue
		}
		config, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || config.Width != picture.CardWidth || config.Height != picture.CardHeight {
			t.Errorf("%s has a picture of %d by %d, %v", name, config.Width, config.Height, err)
		}
		if head["og:image:alt"] == "" || head["twitter:card"] != "summary_large_image" {
			t.Errorf("%s says of its picture %q, as %q", name, head["og:image:alt"], head["twitter:card"])
		}
		if head["og:type"] == "article" {
			if other := seen[file]; other != "" {
				t.Errorf("%s and %s have the same picture", name, other)
			}
			seen[file] = name
		}
	}
	if len(seen) != len(s.pages) {
		t.Errorf("pictures of %v, want one for each of %d lessons", slices.Collect(maps.Values(seen)), len(s.pages))
	}
	for name := range all(t, published(t, "")) {
		if len(name) > 3 && name[:3] == "og/" {
			t.Errorf("%s is drawn of a course that is published nowhere", name)
		}
	}
}

// TestAPreviewShowsWhatWasMeasured: the first cell whose times are known, as its chart has them.
func TestAPreviewShowsWhatWasMeasured(t *testing.T) {
	s := sample(t)
	var measured int
	for _, p := range s.pages {
		card := p.card()
		if card.Title != p.title() || card.Number != p.number {
			t.Errorf("the card of %s is %+v", p.href, card)
		}
		for _, b := range card.Bars {
			measured++
			if b.Name == "" || b.Value == "" || b.Length <= 0 {
				t.Errorf("the card of %s has the bar %+v", p.href, b)
			}
		}
	}
	if measured == 0 {
		t.Error("no lesson of the sample shows times")
	}
}

// TestAPreviewComparesModesAlone: what is swept has a time for each value of each mode, which are no bars of one program.
func TestAPreviewComparesModesAlone(t *testing.T) {
	s := sample(t)
	swept := false
	for _, p := range s.pages {
		bars := len(p.card().Bars)
		for _, c := range p.lesson.Cells() {
			timings := s.report.Timings[p.lesson.Name+"/"+c.ID]
			if c.Options.Sweep == nil && len(timings) > 1 {
				swept = false
				break
			}
			swept = swept || c.Options.Sweep != nil && len(timings) > 1
		}
		if swept && bars > 0 {
			t.Errorf("the card of %s, which only sweeps, has %d bars", p.href, bars)
		}
		if swept {
			return
		}
	}
	t.Error("no lesson of the sample has timings of a sweep alone")
}
