package worker

// Encodes has q encode what is put into it, as once it was sent to a process.
func Encodes[T any](q *Queue[T]) error {
	var e encoder
	defer func() { e.takeBack() }()
	place, err := send(q)
	if err == nil {
		e.sent = append(e.sent, place)
	}
	return err
}
