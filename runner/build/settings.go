package build

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ours are the go command's variables (go help environment) that a user's settings are not heard for: they would have the toolchain describe
// itself as another one, or choose what is built, of which a course is to know nothing.
var ours = []string{
	"GOENV", "GOTOOLDIR", "GOTOOLCHAIN", "GOEXPERIMENT", "GOFLAGS", "GOOS", "GOARCH", "GOWORK", "GO111MODULE", "GOFIPS140",
	"GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM",
}

// settings is the environment in which the go command works by a user's settings, but for ours. It is not enough to give those an empty value: the go command
// takes what go env -w has written for a variable that is empty. So it does not read that file, and has what is in there as variables.
func settings() []string {
	var env []string
	given := make(map[string]bool)
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if slices.Contains(ours, name) {
			continue
		}
		env = append(env, variable)
		given[name] = value != ""
	}
	for _, variable := range written() {
		if name, _, _ := strings.Cut(variable, "="); !given[name] {
			env = append(env, variable)
		}
	}
	return append(env, "GOENV=off", "GOWORK=off", "GO111MODULE=on", "GOTOOLCHAIN=local")
}

// written is what go env -w has written, as far as it is heard, and read as the go command does (cmd/go/internal/cfg, readEnvFile).
func written() []string {
	file := os.Getenv("GOENV")
	if file == "off" {
		return nil
	}
	if file == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return nil
		}
		file = filepath.Join(dir, "go", "env")
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var list []string
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		name, _, ok := strings.Cut(line, "=")
		if ok && name != "" && name[0] >= 'A' && name[0] <= 'Z' && !slices.Contains(ours, name) {
			list = append(list, line)
		}
	}
	return list
}
