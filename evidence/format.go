package evidence

import "strconv"

// FormatBytes writes n bytes in the binary unit that suits them, "41.2 MiB", with at most three significant digits.
func FormatBytes(n int64) string {
	if n < 0 {
		return "-" + FormatBytes(-n)
	}
	value, name := float64(n), "B"
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if value < 999.5 { // else it takes four digits
			break
		}
		value, name = value/1024, next
	}
	decimals := 0
	switch {
	case name == "B", value >= 99.95:
	case value >= 9.995:
		decimals = 1
	default:
		decimals = 2
	}
	return strconv.FormatFloat(value, 'f', decimals, 64) + " " + name
}
