package worker

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// This file has both ends of how chunks reach a process, and come back.

// errNotBegun means that a process ended, or cannot be reached, and did not begin what it was to do.
var errNotBegun error = notBegun{}

// notBegun is a type because fmt.Errorf would take time at each start of a process.
type notBegun struct{}

func (notBegun) Error() string { return "not begun: " + errGone.Error() }

func (notBegun) Unwrap() error { return errGone }

// request returns the message that asks for k, in buf where it is large enough.
func (k *chunk) request(buf []byte, worker string) ([]byte, parcels, error) {
	start := []byte{byte(requestChunk), 0}
	if k.job.strict {
		start[1] = 1
	}
	start = binary.LittleEndian.AppendUint64(start, uint64(distance(k.items.kind(), chunkKind(anchor{}))))
	args, _ := k.items.ends()
	m, sent, err := messageIn(buf, start, args)
	if err == nil {
		return m, sent, nil
	}
	for i := range k.count { // which is it?
		_, sent, err := newMessage(nil, args.Index(i))
		if err != nil {
			return nil, nil, fmt.Errorf("send item %d to %s: %w", k.first+i, worker, err)
		}
		sent.takeBack()
	}
	return nil, nil, fmt.Errorf("send items to %s: %w", worker, err)
}

// chunk has p do k. An error means that p is of no use any more: errNotBegun, errGone, or why. Then the slot of
// p tells at which item it was.
func (p *process) chunk(k *chunk) error {
	var request []byte
	var sent parcels
	var err error
	busy(func() { request, sent, err = k.request(p.out, p.worker.label()) })
	if err != nil {
		k.err = err
		return nil
	}
	p.out = request
	s := p.worker.agent.token().slot()
	s.item = 0
	s.changes.Add(1) // it is not quiet any more, though it thinks so until it has read this
	sent.address(p.worker.agent.token())
	if _, err := p.requests.Write(request); err != nil {
		sent.takeBack()
		return errNotBegun // who did not read all of it calls nothing
	}
	for {
		p.in, err = readMessage(p.answers, p.in)
		if err != nil || len(p.in) == 0 {
			if !p.began {
				return errNotBegun
			}
			return errGone
		}
		switch kind, content := answerKind(p.in[0]), p.in[1:]; kind {
		case answerBegan:
			p.began = true
		case answerExited:
			return &DeathError{Worker: p.worker.label(), Pid: p.worker.pid, How: goexit, Exit: -1, Item: -1}
		case answerFailed:
			k.err = errors.New(string(content))
			return nil
		case answerResult:
			if busy(func() { err = k.accept(content) }); err != nil {
				return fmt.Errorf("read results of %s: %w", p.worker.label(), err)
			}
			return nil
		default:
			return fmt.Errorf("read results of %s: %w", p.worker.label(), errDamaged)
		}
	}
}

// accept puts what a process answered into k.
func (k *chunk) accept(content []byte) error {
	_, results := k.items.ends()
	got := reflect.New(results.Type()).Elem()
	if err := readValues(content, got, reflect.ValueOf(&k.failures).Elem()); err != nil {
		return err
	}
	if reflect.Copy(results, got) != k.count {
		return errDamaged
	}
	return nil
}

// answerToChunk calls f with each item of the chunk in content. It returns the answer, in buf where that is
// large enough, and when f returned.
func answerToChunk(f any, content, buf []byte) (answer []byte, ended int64) {
	const header = 1 + 8
	if len(content) < header {
		return failedAnswer("argument", io.ErrUnexpectedEOF), now()
	}
	strict, kind := content[0] != 0, kindAt(int64(binary.LittleEndian.Uint64(content[1:])), chunkKind(anchor{}))
	items, err := kind.received(f, func(args reflect.Value) error { return readValues(content[header:], args) })
	if err != nil {
		return failedAnswer("argument", err), now()
	}
	failures := performChunk(items, strict)
	ended = now()
	_, results := items.ends()
	answer, _, err = messageIn(buf, []byte{byte(answerResult)}, results, reflect.ValueOf(&failures).Elem())
	if err != nil {
		return failedAnswer("result", err), ended
	}
	return answer, ended
}

// performChunk is perform for a chunk. Its progress is in the slot of this process, where whoever sees it die looks.
func performChunk(items items, strict bool) (failures []failure) {
	at := new(int)
	if openMemory() == nil {
		at = &itself.token().slot().item
	}
	perform(func() { failures = items.do(context.Background(), strict, at) })
	return failures
}
