package store

import (
	"slices"
	"strconv"
)

// A Digest is an encoding to be hashed, in which no two sequences of values are the same bytes.
type Digest struct{ buf []byte }

// Add appends values.
func (d *Digest) Add(values ...string) {
	size := 0
	for _, v := range values {
		size += len(v) + 8 // its length, in decimal
	}
	d.buf = slices.Grow(d.buf, size)
	for _, v := range values {
		d.buf = append(strconv.AppendInt(d.buf, int64(len(v)), 10), ' ')
		d.buf = append(d.buf, v...)
	}
}

// Sum returns the hash of what was added: a key.
func (d *Digest) Sum() string {
	return Checksum(d.buf)
}
