package site

import "sync"

// maxColoured is how many blocks of code colours keeps at most.
const maxColoured = 1024

// colours keeps the lines of code that was coloured, for where the same block stands on several pages. It is safe for concurrent use; a nil one keeps nothing.
type colours struct {
	mu    sync.Mutex
	lines map[block][]codeLine
}

type block struct{ language, source string }

// of returns the lines of a block as colour makes them, which depend on the block alone and are never changed.
func (c *colours) of(b block, colour func() []codeLine) []codeLine {
	if c == nil {
		return colour()
	}
	c.mu.Lock()
	lines, ok := c.lines[b]
	c.mu.Unlock()
	if ok {
		return lines
	}
	lines = colour()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lines == nil || len(c.lines) >= maxColoured { // as good as leaving out the oldest, and simpler
		c.lines = make(map[block][]codeLine)
	}
	c.lines[b] = lines
	return lines
}
