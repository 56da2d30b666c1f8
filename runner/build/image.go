package build

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// An image is a merged binary, of which the binary of each of its programs is made by changing a few bytes in a copy:
//
//   - main.main, at which Go's runtime arrives, becomes a jump to the program's own main, which leaves no frame;
//   - the initialisation of each other program is marked as done;
//   - the program's import path, in the names of types and functions, becomes main.
//
// So nothing about the process tells that it is not the program's own binary: neither arguments nor environment, nor
// traces, nor what it starts by executing itself. It is not changed, and safe for concurrent use.
type image struct {
	content []byte
	begin   uint64             // the address of main.main
	entries [mostMerged]uint64 // the address of each program's main
	tasks   [mostMerged]uint64 // the address of each program's initialisation record; 0 where it has none
	names   [mostMerged][]int  // where each program's import path is
	loads   []elf.ProgHeader
}

// initialised is the state of an initialisation record that was carried out (runtime.doInit1).
const initialised = 2

var errImage = errors.New("a merged binary is not what it should be")

// readImage takes the binary that was linked of the programs of these numbers.
func readImage(content []byte, numbers []int) (*image, error) {
	file, err := elf.NewFile(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("read merged binary: %w", err)
	}
	m := &image{content: content}
	for _, p := range file.Progs {
		if p.Type == elf.PT_LOAD {
			m.loads = append(m.loads, p.ProgHeader)
		}
	}
	at := bytes.Index(content, []byte(mergedMark))
	if at < 0 || bytes.Contains(content[at+1:], []byte(mergedMark)) {
		return nil, fmt.Errorf("%w: it has not one table", errImage)
	}
	at += (len(mergedMark) + 7) &^ 7 // the next field is aligned
	if len(content)-at < 8*(1+2*len(numbers)) {
		return nil, fmt.Errorf("%w: its table is cut", errImage)
	}
	word := func() uint64 {
		at += 8
		return binary.LittleEndian.Uint64(content[at-8:])
	}
	code := func() uint64 { // a value of a function type points to where the address of the code is
		f, err := m.at(content, word(), 8)
		if err != nil {
			return 0
		}
		return binary.LittleEndian.Uint64(f)
	}
	m.begin = code()
	for _, number := range numbers {
		m.entries[number] = code()
	}
	for _, number := range numbers {
		m.tasks[number] = word()
	}
	for _, p := range m.loads {
		if p.Flags&elf.PF_X == 0 {
			m.findNames(int(p.Off), int(p.Off+p.Filesz))
		}
	}
	return m, nil
}

// findNames notes where in a part of the binary the programs' import paths are: before a dot in the names of functions, and
// of types within those of generic ones; with its length before it (internal/abi.Name) where reflect tells it.
func (m *image) findNames(from, to int) {
	for part := m.content[:to]; ; from++ {
		next := bytes.Index(part[from:], []byte(mergedPrefix))
		if next < 0 {
			return
		}
		from += next
		end := from + len("main")
		if end >= to {
			return
		}
		number := strings.IndexByte(mergedSuffixes, part[end-1])
		alone := from >= 2 && part[from-2] == 0 && part[from-1] == byte(len("main"))
		if number >= 0 && (part[end] == '.' || alone) {
			m.names[number] = append(m.names[number], from)
		}
	}
}

// at returns the n bytes of content that are loaded to an address.
func (m *image) at(content []byte, address uint64, n int) ([]byte, error) {
	for _, p := range m.loads {
		if address >= p.Vaddr && address-p.Vaddr+uint64(n) <= p.Filesz {
			at := p.Off + address - p.Vaddr
			return content[at : at+uint64(n)], nil
		}
	}
	return nil, fmt.Errorf("%w: address %#x is not in it", errImage, address)
}

// binary returns the binary of the program of that number.
func (m *image) binary(number int) ([]byte, error) {
	content := bytes.Clone(m.content)
	jump, err := jump(m.begin, m.entries[number])
	if err != nil {
		return nil, err
	}
	begin, err := m.at(content, m.begin, len(jump))
	if err != nil {
		return nil, err
	}
	copy(begin, jump)
	for i, task := range m.tasks {
		if i == number || task == 0 {
			continue
		}
		state, err := m.at(content, task, 4)
		if err != nil {
			return nil, err
		}
		binary.LittleEndian.PutUint32(state, initialised)
	}
	for _, at := range m.names[number] {
		copy(content[at:], "main")
	}
	return content, nil
}

// jump returns the instruction that goes on at another address.
func jump(from, to uint64) ([]byte, error) {
	switch distance := int64(to - from); {
	case runtime.GOARCH == "amd64" && distance-5 == int64(int32(distance-5)):
		return binary.LittleEndian.AppendUint32([]byte{0xe9}, uint32(distance-5)), nil // JMP rel32, from behind itself
	case runtime.GOARCH == "arm64" && distance%4 == 0 && distance == distance<<36>>36:
		return binary.LittleEndian.AppendUint32(nil, 0x14000000|uint32(distance>>2)&0x03ffffff), nil // B imm26
	}
	return nil, fmt.Errorf("%w: its parts are too far from each other", errImage)
}

// write writes the binary of the program of that number.
func (m *image) write(name string, number int) error {
	content, err := m.binary(number)
	if err != nil {
		return err
	}
	// Nobody forks meanwhile: a process that has not executed its own program yet would have the file open, too, and the
	// system executes no file that somebody may write to (go.dev/issue/22315).
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(name, content, 0o755)
}
