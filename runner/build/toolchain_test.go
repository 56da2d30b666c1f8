package build

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"course/runner/store"
)

// What go env -w has written says where things are, not what is built with, nor for what system.
func TestAUsersSettingsAreHeardAsFarAsTheyMatter(t *testing.T) {
	for _, name := range []string{"GOEXPERIMENT", "GOFLAGS", "GOOS", "GOPROXY", "GOMODCACHE"} {
		t.Setenv(name, "")
	}
	ask := func(env string) Toolchain {
		t.Setenv("GOENV", env)
		found, err := AskToolchain(t.Context(), store.Open(""), "")
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	usual := ask("off")
	cache := t.TempDir()
	file := filepath.Join(t.TempDir(), "env")
	text := "# a comment\nGOEXPERIMENT=jsonv2\nGOFLAGS=-tags=odd\nGOOS=plan9\nGOTOOLCHAIN=go1.2.3\nGOPROXY=https://example.org/proxy\nGOMODCACHE=" + cache + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	with := ask(file)
	if with.Identity() != usual.Identity() || with.Tools != usual.Tools {
		t.Errorf("the toolchain is %+v, else %+v", with, usual)
	}
	if with.ModCache != cache {
		t.Errorf("the module cache is %s, want %s", with.ModCache, cache)
	}
	env, err := (&fetch{toolchain: with, network: Network{Direct: true}}).online(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for variable, want := range map[string]bool{
		"GOENV=off": true, "GOPROXY=https://example.org/proxy": true, "GOEXPERIMENT=jsonv2": false, "GOFLAGS=-tags=odd": false, "GOOS=plan9": false,
	} {
		if slices.Contains(env, variable) != want {
			t.Errorf("modules are fetched with %s: %v, want %v", variable, !want, want)
		}
	}

	shelf := store.Open("")
	if _, err := AskToolchain(t.Context(), shelf, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("GOMODCACHE="+t.TempDir()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := KnownToolchain(shelf, ""); err == nil {
		t.Error("what the go command said counts although it has other settings")
	}
}

// A toolchain that is replaced in place may have the same go command, which a wrapper script is.
func TestAnotherReleaseIsAnotherToolchain(t *testing.T) {
	root := t.TempDir()
	release := filepath.Join(root, "VERSION")
	script := fmt.Sprintf("#!/bin/sh\necho '{\"GOROOT\": %q, \"GOVERSION\": \"go1.26.8\"}'\n", root)
	command := filepath.Join(t.TempDir(), "go")
	for name, content := range map[string]string{release: "go1.26.8\ntime 2026-10-01\n", command: script} {
		if err := os.WriteFile(name, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	shelf := store.Open("")
	before, err := AskToolchain(t.Context(), shelf, command)
	if err != nil {
		t.Skip("the test's go command is a shell script: ", err)
	}
	if now, err := KnownToolchain(shelf, command); err != nil || now != before {
		t.Errorf("known: %+v, %v", now, err)
	}
	if err := os.WriteFile(release, []byte("go1.26.8\ntime 2026-11-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if now, err := KnownToolchain(shelf, command); err == nil {
		t.Errorf("known of another release: %+v", now)
	}
	if now, err := AskToolchain(t.Context(), shelf, command); err != nil || now.Identity() == before.Identity() {
		t.Errorf("the identity is still %q, %v", now.Identity(), err)
	}
}

// Nothing that builds may ask anybody for modules or sums, nor hear a user's settings, whose defaults would ask. (TestBuildingAsksNobodyForModules
// has a server of its own, which those would not ask.)
func TestToolsAreToldToAskNobody(t *testing.T) {
	toolchain := Toolchain{Root: "root", CC: "cc"}
	for _, k := range []kind{{}, {race: true}, {modules: "some"}} {
		env := (&imports{toolchain: toolchain, kind: k}).environment("tmp")
		for _, want := range []string{"GOPROXY=off", "GOSUMDB=off", "GOTOOLCHAIN=local", "GOENV=off", "GOFLAGS=", "GOWORK=off"} {
			name, _, _ := strings.Cut(want, "=")
			last := ""
			for _, variable := range env {
				if strings.HasPrefix(variable, name+"=") {
					last = variable
				}
			}
			if last != want {
				t.Errorf("%+v: %q, want %q", k, last, want)
			}
		}
	}
}

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
