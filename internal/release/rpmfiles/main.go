// Command rpmfiles prints the paths of what an RPM package holds, one a line.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: rpmfiles PACKAGE")
		os.Exit(2)
	}
	data, err := os.ReadFile(os.Args[1])
	var names []string
	if err == nil {
		names, err = files(data)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "rpmfiles: %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
	for _, name := range names {
		fmt.Println(name)
	}
}

// The parts of a package, and the tags of its header that name files: each has the
// index of its folder.
const (
	leadSize      = 96
	tagDirIndexes = 1116
	tagBaseNames  = 1117
	tagDirNames   = 1118
)

// files returns the paths of a package: behind a lead and a header of signatures,
// which ends at a multiple of 8, is the header that lists them.
func files(data []byte) ([]string, error) {
	if len(data) < leadSize || !bytes.HasPrefix(data, []byte{0xed, 0xab, 0xee, 0xdb}) {
		return nil, errors.New("it is not an RPM package")
	}
	data = data[leadSize:]
	signatures, err := readHeader(data)
	if err != nil {
		return nil, fmt.Errorf("read the signatures: %w", err)
	}
	data = data[min((signatures.size+7)&^7, len(data)):]
	h, err := readHeader(data)
	if err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	folders, bases := h.texts(tagDirNames), h.texts(tagBaseNames)
	indexes := h.entries[tagDirIndexes]
	if len(bases) == 0 || int(indexes.count) != len(bases) || indexes.offset+4*len(bases) > len(h.store) {
		return nil, errors.New("the header does not list files")
	}
	names := make([]string, len(bases))
	for i, base := range bases {
		folder := binary.BigEndian.Uint32(h.store[indexes.offset+4*i:])
		if int(folder) >= len(folders) {
			return nil, fmt.Errorf("file %q is in a folder that the header does not list", base)
		}
		names[i] = folders[folder] + base
	}
	return names, nil
}

type header struct {
	size    int
	entries map[uint32]entry
	store   []byte
}

type entry struct {
	offset int
	count  uint32
}

func readHeader(data []byte) (header, error) {
	const start, each = 16, 16
	if len(data) < start || !bytes.HasPrefix(data, []byte{0x8e, 0xad, 0xe8}) {
		return header{}, errors.New("there is no header")
	}
	n, size := int(binary.BigEndian.Uint32(data[8:])), int(binary.BigEndian.Uint32(data[12:]))
	if n > len(data)/each || size > len(data) || start+each*n+size > len(data) {
		return header{}, errors.New("the header is longer than the file")
	}
	h := header{size: start + each*n + size, entries: map[uint32]entry{}, store: data[start+each*n:][:size]}
	for i := range n {
		index := data[start+each*i:]
		offset := int(binary.BigEndian.Uint32(index[8:]))
		if offset > size {
			return header{}, errors.New("an entry is outside the header")
		}
		h.entries[binary.BigEndian.Uint32(index)] = entry{offset, binary.BigEndian.Uint32(index[12:])}
	}
	return h, nil
}

// texts returns a list of texts, each of which ends with a zero.
func (h header) texts(tag uint32) []string {
	e := h.entries[tag]
	rest := h.store[e.offset:]
	var texts []string
	for range e.count {
		text, after, ok := bytes.Cut(rest, []byte{0})
		if !ok {
			break
		}
		texts = append(texts, string(text))
		rest = after
	}
	return texts
}
