package runner

import "course/program"

// hashModules identifies m.
func hashModules(m program.Modules) string {
	var d digest
	for _, r := range m.Require {
		d.add(r.Path, r.Version)
	}
	d.add("sums", m.Sums)
	return d.sum()
}
