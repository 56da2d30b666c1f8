package build

import "testing"

func TestProxies(t *testing.T) {
	for setting, want := range map[string]string{
		"https://one.example,direct":                         "https://one.example",
		"https://one.example,https://two.example|direct,off": "https://one.example,https://two.example",
		"https://one.example | direct":                       "https://one.example",
		"https://direct.example/direct,https://two.example":  "https://direct.example/direct,https://two.example",
		"direct": "off", "": "off", "off": "off", "direct,off": "off",
	} {
		if got := proxies(setting); got != want {
			t.Errorf("%q: %q, want %q", setting, got, want)
		}
	}
}
