//go:build !race

package worker

const raceDetector = false

// A raceToken is of use to the race detector only.
type raceToken struct{}

func (*raceToken) letGo()   {}
func (*raceToken) getHold() {}
