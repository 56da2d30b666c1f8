package course_test

import (
	"os"
	"testing"
	"time"

	"course"
	"course/lessons"
	"course/program"
)

func TestOnlyWhatIsCarriedIsTrusted(t *testing.T) {
	own, err := lessons.Load(os.DirFS("lessons/threads-and-processes"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range own.Programs() {
		p.ID = "another/name"
		if !course.Carries(p) {
			t.Errorf("%s is not trusted, though it is the same from the directory", p.ID)
		}
		quick := p
		quick.Options.Modes, quick.Options.Measure, quick.Options.Repeat = []program.Mode{program.Goroutine}, !p.Options.Measure, 3
		if !course.Carries(quick) {
			t.Errorf("%s is not trusted, though only how often it runs is another", p.ID)
		}
		changed := p
		changed.Source += "\n"
		longer := p
		longer.Options.Timeout += time.Second
		if course.Carries(changed) || course.Carries(longer) {
			t.Errorf("%s is trusted, though it was changed", p.ID)
		}
	}
}
