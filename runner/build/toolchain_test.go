package build

import "testing"

func TestLanguageOfAToolchain(t *testing.T) {
	for version, want := range map[string]string{
		"go1.26.8": "go1.26", "go1.27rc1": "go1.27", "devel go1.27-1a2b3c": "go1.27", "go1.26.1-X:synctest": "go1.26", "devel +1a2b": "",
	} {
		if got := (Toolchain{Version: version}).language(); got != want {
			t.Errorf("%s has language %q, want %q", version, got, want)
		}
	}
}

func TestOnlyPackagesAreAskedFor(t *testing.T) {
	for path, want := range map[string]bool{
		"fmt": true, "net/http": true, "golang.org/x/sys/unix": true, WorkerPath: true,
		"": false, "C": false, "all": false, "std": false, "fmt/...": false, "./x": false, "../x": false, "-exec": false, "a//b": false, "/a": false, "a b": false, "@latest": false,
	} {
		if got := importable(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}
