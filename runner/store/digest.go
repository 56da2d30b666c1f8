package store

import "strconv"

// A Digest is an encoding to be hashed, in which no two sequences of values are the same bytes.
type Digest struct{ buf []byte }

// Add appends values.
func (d *Digest) Add(values ...string) {
	for _, v := range values {
		d.buf = append(strconv.AppendInt(d.buf, int64(len(v)), 10), ' ')
		d.buf = append(d.buf, v...)
	}
}

// Sum returns the hash of what was added: a key.
func (d *Digest) Sum() string {
	return Checksum(d.buf)
}
