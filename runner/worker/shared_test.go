package worker_test

import (
	"math"
	"testing"

	"course/runner/worker"
)

func init() {
	worker.Register(changeInt, changeInt8, changeInt16, changeInt32, changeInt64, changeUint, changeUint8, changeUint16,
		changeUint32, changeUint64, changeFloat32, changeFloat64, changeKelvin, addHalves)
}

type kelvin float32

// change puts each method to use, starting from the largest number there is.
func change[T worker.Number](s *worker.Shared[T]) (seen []T) {
	seen = append(seen, s.Load(), s.Add(1), s.Swap(5))
	s.Store(seen[0])
	seen = append(seen, s.Update(func(v T) T { return v / 2 }))
	if s.CompareAndSwap(seen[0], 1) {
		seen = append(seen, 9)
	}
	if s.CompareAndSwap(seen[3], 7) {
		seen = append(seen, s.Load())
	}
	return seen
}

// A process finds no generic functions.
func changeInt(s *worker.Shared[int]) []int             { return change(s) }
func changeInt8(s *worker.Shared[int8]) []int8          { return change(s) }
func changeInt16(s *worker.Shared[int16]) []int16       { return change(s) }
func changeInt32(s *worker.Shared[int32]) []int32       { return change(s) }
func changeInt64(s *worker.Shared[int64]) []int64       { return change(s) }
func changeUint(s *worker.Shared[uint]) []uint          { return change(s) }
func changeUint8(s *worker.Shared[uint8]) []uint8       { return change(s) }
func changeUint16(s *worker.Shared[uint16]) []uint16    { return change(s) }
func changeUint32(s *worker.Shared[uint32]) []uint32    { return change(s) }
func changeUint64(s *worker.Shared[uint64]) []uint64    { return change(s) }
func changeFloat32(s *worker.Shared[float32]) []float32 { return change(s) }
func changeFloat64(s *worker.Shared[float64]) []float64 { return change(s) }
func changeKelvin(s *worker.Shared[kelvin]) []kelvin    { return change(s) }

func testShared[T worker.Number](t *testing.T, as worker.Option, change func(*worker.Shared[T]) []T, most, least T) {
	t.Helper()
	s := worker.NewShared(most)
	got, err := worker.Start(change, s, as).Wait()
	want := []T{most, least, least, most / 2, 7}
	if err != nil || len(got) != len(want) {
		t.Errorf("%T: %v, %v", most, got, err)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%T: %v, want %v", most, got, want)
		}
	}
	if s.Load() != 7 {
		t.Errorf("%T: %v is left", most, s.Load())
	}
}

func TestSharedNumbersOfAllTypes(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		testShared(t, as, changeInt, math.MaxInt, math.MinInt)
		testShared(t, as, changeInt8, math.MaxInt8, math.MinInt8)
		testShared(t, as, changeInt16, math.MaxInt16, math.MinInt16)
		testShared(t, as, changeInt32, math.MaxInt32, math.MinInt32)
		testShared(t, as, changeInt64, math.MaxInt64, math.MinInt64)
		testShared(t, as, changeUint, math.MaxUint, 0)
		testShared(t, as, changeUint8, math.MaxUint8, 0)
		testShared(t, as, changeUint16, math.MaxUint16, 0)
		testShared(t, as, changeUint32, math.MaxUint32, 0)
		testShared(t, as, changeUint64, math.MaxUint64, 0)
		testShared(t, as, changeFloat32, math.MaxFloat32, math.MaxFloat32)
		testShared(t, as, changeFloat64, math.MaxFloat64, math.MaxFloat64)
		testShared[kelvin](t, as, changeKelvin, 300, 301)
	})
}

func TestSharedIsEqualAsNumbersAre(t *testing.T) {
	s := worker.NewShared(math.NaN())
	if s.CompareAndSwap(math.NaN(), 1) || !math.IsNaN(s.Load()) || !math.IsNaN(s.Add(1)) {
		t.Error("NaN is NaN")
	}
	s.Store(math.Copysign(0, -1))
	if !math.Signbit(s.Load()) || !s.CompareAndSwap(0, 1) {
		t.Error("-0 is not 0")
	}
}

func addHalves(s *worker.Shared[float64]) {
	for range 1000 {
		s.Add(0.5)
	}
}

func TestSharedAddLosesNothing(t *testing.T) {
	eachWay(t, addHalves, func() *worker.Shared[float64] { return worker.NewShared(0.0) }, func(t *testing.T, s *worker.Shared[float64]) {
		if s.Load() != 8*500 {
			t.Errorf("8 workers added 500 each: %v", s.Load())
		}
	})
}
