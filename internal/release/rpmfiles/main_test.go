package main

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// pack makes a package of what files reads: a lead, no signatures, a header.
func pack(folders, bases []string, indexes []uint32) []byte {
	var store bytes.Buffer
	var entries bytes.Buffer
	add := func(tag, kind uint32, count int, data []byte) {
		for _, n := range []uint32{tag, kind, uint32(store.Len()), uint32(count)} {
			_ = binary.Write(&entries, binary.BigEndian, n)
		}
		store.Write(data)
	}
	join := func(texts []string) (data []byte) {
		for _, text := range texts {
			data = append(append(data, text...), 0)
		}
		return data
	}
	var numbers []byte
	for _, n := range indexes {
		numbers = binary.BigEndian.AppendUint32(numbers, n)
	}
	add(tagDirIndexes, 4, len(indexes), numbers)
	add(tagDirNames, 8, len(folders), join(folders))
	add(tagBaseNames, 8, len(bases), join(bases))
	header := func(n, size int) []byte {
		h := []byte{0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0}
		return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(h, uint32(n)), uint32(size))
	}
	lead := append([]byte{0xed, 0xab, 0xee, 0xdb}, make([]byte, leadSize-4)...)
	return slices.Concat(lead, header(0, 0), header(3, store.Len()), entries.Bytes(), store.Bytes())
}

func TestFiles(t *testing.T) {
	t.Parallel()
	p := pack([]string{"/usr/bin/", "/etc/"}, []string{"a", "b", "c"}, []uint32{0, 1, 0})
	got, err := files(p)
	if err != nil || !slices.Equal(got, []string{"/usr/bin/a", "/etc/b", "/usr/bin/c"}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := files(pack([]string{"/"}, []string{"a"}, []uint32{7})); err == nil {
		t.Error("a folder that is not listed is accepted")
	}
}

func FuzzFiles(f *testing.F) {
	p := pack([]string{"/usr/bin/"}, []string{"a", "b"}, []uint32{0, 0})
	f.Add(p)
	f.Add(p[:leadSize+8])
	f.Add(p[:len(p)-9])
	f.Fuzz(func(t *testing.T, data []byte) {
		names, err := files(data)
		if err == nil && len(names) == 0 {
			t.Error("no error and no file")
		}
	})
}
