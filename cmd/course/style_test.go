package main

import (
	"strings"
	"testing"
)

func TestTheLocaleSaysWhatCanBeShown(t *testing.T) {
	for env, want := range map[string]bool{
		"":                                     false,
		"LANG=C":                               false,
		"LANG=C.UTF-8":                         true,
		"LANG=de_DE.utf8":                      true,
		"LANG=de_DE@euro":                      false,
		"LANG=en_US.UTF-8 LC_ALL=C":            false,
		"LANG=C LC_CTYPE=en_US.UTF-8":          true,
		"LANG=C LC_CTYPE=C LC_ALL=en_US.UTF-8": true,
	} {
		set := make(map[string]string)
		for _, variable := range strings.Fields(env) {
			name, value, _ := strings.Cut(variable, "=")
			set[name] = value
		}
		if got := isUTF8("linux", func(name string) string { return set[name] }); got != want {
			t.Errorf("with %q, UTF-8 is %t", env, got)
		}
	}
	if !isUTF8("windows", func(string) string { return "" }) {
		t.Error("Windows has no UTF-8")
	}
}
