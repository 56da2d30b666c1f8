package store

import (
	"errors"
	"os"
	"path/filepath"
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
