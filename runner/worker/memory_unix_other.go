//go:build unix && (!linux || portable)

package worker

import "os"

func makeMemory() (*os.File, error) { return temporaryFile() }

func discard(pages []byte) { clear(pages) }
