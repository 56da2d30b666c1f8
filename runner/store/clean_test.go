package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCleanRefusesWhatIsNoStore(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, string(Results), "00", entryKey(0)+".json")
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Clean(dir, true); !errors.Is(err, ErrNoStore) {
		t.Error(err)
	}
	if got, err := Clean(filepath.Join(dir, "missing"), true); err != nil || got.Files > 0 {
		t.Errorf("of one that is not there: %+v, %v", got, err)
	}
	if _, err := os.Stat(name); err != nil {
		t.Error(err)
	}
}

// TestADamagedTagIsMended, whichever byte it is and wherever it was cut: else clean would refuse the store for good.
func TestADamagedTagIsMended(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, tagFile)
	damaged := map[string]string{"empty": ""}
	for i := range len(tag) {
		damaged[fmt.Sprint("cut at ", i)] = tag[:i]
		damaged[fmt.Sprint("another byte at ", i)] = tag[:i] + "\x00" + tag[i+1:]
	}
	for what, content := range damaged {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Open(dir).Save(Results, entryKey(0), "x"); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != tag {
			t.Errorf("%s: it is %q, %v", what, got, err)
		}
	}
	if err := os.WriteFile(name, []byte(damaged["another byte at 3"]), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Clean(dir, false); err != nil || got.Results != 1 {
		t.Errorf("clean: %+v, %v", got, err)
	}
}

// TestAnothersTagStays: the directory is theirs, too.
func TestAnothersTagStays(t *testing.T) {
	signature, _, _ := strings.Cut(tag, "\n")
	for _, content := range []string{signature + "\n# Results of another program.\n", "mine"} {
		dir := t.TempDir()
		name := filepath.Join(dir, tagFile)
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Open(dir).Save(Results, entryKey(0), "x"); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != content {
			t.Errorf("%q has become %q, %v", content, got, err)
		}
		if _, err := Clean(dir, false); !errors.Is(err, ErrNoStore) {
			t.Errorf("%q: clean says %v", content, err)
		}
	}
}
