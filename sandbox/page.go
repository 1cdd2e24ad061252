package sandbox

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// cursor is where a page ended: the sort value and the id of its last entry.
// Pages that follow stay right when entries are added or removed.
type cursor struct{ at, id int64 }

// encode makes an opaque page token of a cursor. It looks as the platform's
// do, base64 in which + / and = occur, and holds within its scope only: one
// operation, one shop and one order.
func (p cursor) encode(seed uint64, scope string) string {
	var b [20]byte
	binary.BigEndian.PutUint64(b[4:], uint64(p.at))
	binary.BigEndian.PutUint64(b[12:], uint64(p.id))
	check := cursorCheck(b[4:], seed, scope)
	binary.BigEndian.PutUint32(b[:], check)
	disguise(b[4:], seed, check)
	return base64.StdEncoding.EncodeToString(b[:])
}

// decodeCursor reads a page token of the same scope.
func decodeCursor(token string, seed uint64, scope string) (cursor, bool) {
	b, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(b) != 20 {
		return cursor{}, false
	}
	check := binary.BigEndian.Uint32(b)
	disguise(b[4:], seed, check)
	if cursorCheck(b[4:], seed, scope) != check {
		return cursor{}, false
	}
	return cursor{int64(binary.BigEndian.Uint64(b[4:])), int64(binary.BigEndian.Uint64(b[12:]))}, true
}

func cursorCheck(payload []byte, seed uint64, scope string) uint32 {
	h := fnv.New64a()
	h.Write(payload)
	h.Write([]byte(scope))
	return uint32(mix(h.Sum64() ^ seed))
}

func disguise(payload []byte, seed uint64, check uint32) {
	for i := 0; i < len(payload); i += 8 {
		key := mix(seed ^ uint64(check)<<8 ^ uint64(i))
		binary.BigEndian.PutUint64(payload[i:], binary.BigEndian.Uint64(payload[i:])^key)
	}
}

// pageRequest is what a list operation reads from the query.
type pageRequest struct {
	size  int
	token string
}

// page reads page_size, which must be from 1 to 100, and page_token. Where the
// size is out of range the operation's own code answers.
func (c *call) page(rangeCode int) (pageRequest, *failure) {
	return c.pageOf(1, 100, 0, rangeCode)
}

// pageOf reads a page_size with other limits. A missing one is the default, or
// refused where that is 0.
func (c *call) pageOf(least, most, missingSize, rangeCode int) (pageRequest, *failure) {
	value, _ := lookup(c.query, "page_size")
	token, _ := lookup(c.query, "page_token")
	if value == "" {
		if missingSize == 0 {
			return pageRequest{}, missing("page_size")
		}
		return pageRequest{missingSize, token}, nil
	}
	size, err := strconv.Atoi(value)
	if err != nil {
		return pageRequest{}, wrongType("page_size", "string", "integer")
	}
	if size < least || size > most {
		return pageRequest{}, fail(rangeCode, "'page_size' must be from ", strconv.Itoa(least), " to ", strconv.Itoa(most))
	}
	return pageRequest{size, token}, nil
}

// pageEnd is what closes a page of a list.
type pageEnd struct {
	NextPageToken string `json:"next_page_token"`
	TotalCount    int    `json:"total_count"`
}

func (c *call) pageEnd(next *cursor, scope string, total int) pageEnd {
	end := pageEnd{TotalCount: total}
	if next != nil {
		end.NextPageToken = next.encode(c.state.world.seed, scope)
	}
	return end
}

// cursor returns where to go on, nil on the first page.
func (p pageRequest) cursor(seed uint64, scope string) (*cursor, *failure) {
	if p.token == "" {
		return nil, nil
	}
	at, ok := decodeCursor(p.token, seed, scope)
	if !ok {
		return nil, fail(codeInvalidParameter, "'page_token' was not issued for this list")
	}
	return &at, nil
}

// paginate picks one page out of the entries that match. The entries come in
// ascending order of their keys and are walked backwards where descending. It
// returns the page, the key of its last entry where more follow, and the
// number of all matches.
func paginate[T any](entries []T, descending bool, after *cursor, size int, key func(T) cursor, match func(T) bool) (page []T, next *cursor, total int) {
	page = make([]T, 0, min(size, len(entries)))
	more := false
	for i := range entries {
		if descending {
			i = len(entries) - 1 - i
		}
		entry := entries[i]
		if !match(entry) {
			continue
		}
		total++
		if after != nil {
			order := key(entry).compare(*after)
			if descending && order >= 0 || !descending && order <= 0 {
				continue
			}
		}
		if len(page) == size {
			more = true
			continue // the rest is counted
		}
		page = append(page, entry)
	}
	if more {
		last := key(page[len(page)-1])
		next = &last
	}
	return page, next, total
}

func (p cursor) compare(q cursor) int {
	return cmp.Or(cmp.Compare(p.at, q.at), cmp.Compare(p.id, q.id))
}

// list reads a parameter that holds several values joined by commas.
func (c *call) list(name string) []string {
	value, _ := lookup(c.query, name)
	if value == "" {
		return nil
	}
	values := strings.Split(value, ",")
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

// oneOf reads a parameter with listed values and the value that stands for a
// missing one.
func (c *call) oneOf(name, missing string, allowed ...string) (string, *failure) {
	value, _ := lookup(c.query, name)
	if value == "" {
		return missing, nil
	}
	if !slices.Contains(allowed, value) {
		return "", notAllowed(name, value, allowed)
	}
	return value, nil
}

// flag reads an optional boolean parameter.
func (c *call) flag(name string) (bool, *failure) {
	value, _ := lookup(c.query, name)
	switch strings.ToLower(value) {
	case "", "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	}
	return false, wrongType(name, "string", "boolean")
}
