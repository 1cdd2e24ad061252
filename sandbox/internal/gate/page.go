package gate

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// Cursor is where a page ended: the sort value and the id of its last entry.
// Pages that follow stay right when entries are added or removed.
type Cursor struct{ At, ID int64 }

// Encode makes an opaque page token of a cursor. It looks as the platform's
// do, base64 in which + / and = occur, and holds within its scope only: one
// operation, one shop and one order.
func (p Cursor) Encode(seed uint64, scope string) string {
	var b [20]byte
	binary.BigEndian.PutUint64(b[4:], uint64(p.At))
	binary.BigEndian.PutUint64(b[12:], uint64(p.ID))
	check := cursorCheck(b[4:], seed, scope)
	binary.BigEndian.PutUint32(b[:], check)
	disguise(b[4:], seed, check)
	return base64.StdEncoding.EncodeToString(b[:])
}

// DecodeCursor reads a page token of the same scope.
func DecodeCursor(token string, seed uint64, scope string) (Cursor, bool) {
	b, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(b) != 20 {
		return Cursor{}, false
	}
	check := binary.BigEndian.Uint32(b)
	disguise(b[4:], seed, check)
	if cursorCheck(b[4:], seed, scope) != check {
		return Cursor{}, false
	}
	return Cursor{int64(binary.BigEndian.Uint64(b[4:])), int64(binary.BigEndian.Uint64(b[12:]))}, true
}

func cursorCheck(payload []byte, seed uint64, scope string) uint32 {
	h := fnv.New64a()
	h.Write(payload)
	h.Write([]byte(scope))
	return uint32(invent.Mix(h.Sum64() ^ seed))
}

func disguise(payload []byte, seed uint64, check uint32) {
	for i := 0; i < len(payload); i += 8 {
		key := invent.Mix(seed ^ uint64(check)<<8 ^ uint64(i))
		binary.BigEndian.PutUint64(payload[i:], binary.BigEndian.Uint64(payload[i:])^key)
	}
}

// PageRequest is what a list operation reads from the query.
type PageRequest struct {
	Size  int
	Token string
}

// Page reads page_size, which must be from 1 to 100, and page_token. Where the
// size is out of range the operation's own code answers.
func (w *Wire) Page(rangeCode int) (PageRequest, *Failure) {
	return w.PageOf(1, 100, 0, rangeCode)
}

// PageOf reads a page_size with other limits. A missing one is the default, or
// refused where that is 0.
func (w *Wire) PageOf(least, most, missingSize, rangeCode int) (PageRequest, *Failure) {
	value, _ := wire.Lookup(w.Query, "page_size")
	token, _ := wire.Lookup(w.Query, "page_token")
	if value == "" {
		if missingSize == 0 {
			return PageRequest{}, Missing("page_size")
		}
		return PageRequest{missingSize, token}, nil
	}
	size, err := strconv.Atoi(value)
	if err != nil {
		return PageRequest{}, WrongType("page_size", "string", "integer")
	}
	if size < least || size > most {
		return PageRequest{}, Fail(rangeCode, "'page_size' must be from ", strconv.Itoa(least), " to ", strconv.Itoa(most))
	}
	return PageRequest{size, token}, nil
}

// PageEnd is what closes a page of a list.
type PageEnd struct {
	NextPageToken string `json:"next_page_token"`
	TotalCount    int    `json:"total_count"`
}

// PageEnd tells where a list goes on and how many entries it has.
func (c *Call) PageEnd(next *Cursor, scope string, total int) PageEnd {
	end := PageEnd{TotalCount: total}
	if next != nil {
		end.NextPageToken = next.Encode(c.State.World.Seed, scope)
	}
	return end
}

// Cursor returns where to go on, nil on the first page.
func (p PageRequest) Cursor(seed uint64, scope string) (*Cursor, *Failure) {
	if p.Token == "" {
		return nil, nil
	}
	at, ok := DecodeCursor(p.Token, seed, scope)
	if !ok {
		return nil, Fail(CodeInvalidParameter, "'page_token' was not issued for this list")
	}
	return &at, nil
}

// Paginate picks one page out of the entries that match, the way the lists of the
// call behave. The entries come in ascending order of their keys and are walked
// backwards where descending. It returns the page, where it goes on if more
// follow, and the number of all matches.
func Paginate[T any](c *Call, entries []T, descending bool, after *Cursor, size int, key func(T) Cursor, match func(T) bool) (page []T, next *Cursor, total int) {
	l := c.Listing()
	shown := match
	switch {
	case l.ShowsOld():
		entries = Earlier(&l, entries, key)
	case l.Hides():
		shown = func(entry T) bool { return match(entry) && l.Shows(lastChange(entry, key(entry))) }
	}
	from := after
	if skipped, counted := l.Skipped(after); counted {
		from = Nth(entries, descending, skipped, key, shown)
	}
	page, next, total = Pick(entries, descending, from, size, key, shown)
	return page, l.Next(next, after, len(page)), l.Total(total)
}

// lastChange returns the id of an entry and when it was last changed.
func lastChange[T any](entry T, key Cursor) (id, at int64) {
	if of, ok := any(entry).(changing); ok {
		return key.ID, of.Changed()
	}
	return key.ID, key.At
}

// Nth returns the key of a match, counted from 1, or that of the last one where
// there are fewer. It is nil for 0 and where nothing matches.
func Nth[T any](entries []T, descending bool, n int, key func(T) Cursor, match func(T) bool) *Cursor {
	var last *Cursor
	for i := range entries {
		if n == 0 {
			break
		}
		if descending {
			i = len(entries) - 1 - i
		}
		if match(entries[i]) {
			last = new(key(entries[i]))
			n--
		}
	}
	return last
}

// Pick picks the page that begins after a key, and returns the key of its last
// entry where more follow.
func Pick[T any](entries []T, descending bool, after *Cursor, size int, key func(T) Cursor, match func(T) bool) (page []T, next *Cursor, total int) {
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
			order := key(entry).Compare(*after)
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

// Compare orders two places of a list.
func (p Cursor) Compare(q Cursor) int {
	return cmp.Or(cmp.Compare(p.At, q.At), cmp.Compare(p.ID, q.ID))
}

// List reads a parameter that holds several values joined by commas.
func (w *Wire) List(name string) []string {
	value, _ := wire.Lookup(w.Query, name)
	if value == "" {
		return nil
	}
	values := strings.Split(value, ",")
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

// OneOf reads a parameter with listed values and the value that stands for a
// missing one.
func (w *Wire) OneOf(name, missing string, allowed ...string) (string, *Failure) {
	value, _ := wire.Lookup(w.Query, name)
	if value == "" {
		return missing, nil
	}
	if !slices.Contains(allowed, value) {
		return "", NotAllowed(name, value, allowed)
	}
	return value, nil
}

// Flag reads an optional boolean parameter.
func (w *Wire) Flag(name string) (bool, *Failure) {
	value, _ := wire.Lookup(w.Query, name)
	switch strings.ToLower(value) {
	case "", "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	}
	return false, WrongType(name, "string", "boolean")
}
