package sandbox

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
)

const (
	lowerDigits = "0123456789abcdefghijklmnopqrstuvwxyz"
	upperDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexDigits   = "0123456789abcdef"
	urlDigits   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// Streams keep the parts of the world independent of each other: one more
// draw for a token does not change an order. Shops follow streamShops.
const (
	streamCredentials = iota + 1
	streamTokens
	streamRequests
	streamFaults
	streamSeller
	streamBrands
	streamImages
	streamShops
)

// streamUsers is clear of the streams of the shops.
const streamUsers = 1000

// random draws everything that is made up, reproducibly. Its text form is its
// state: it goes on where the original went on.
type random struct {
	*rand.Rand
	source *rand.PCG
}

func newRandom(seed, stream uint64) random {
	source := rand.NewPCG(seed, stream)
	return random{rand.New(source), source}
}

// MarshalText writes the state in hexadecimal.
func (r random) MarshalText() ([]byte, error) {
	state, err := r.source.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return hex.AppendEncode(nil, state), nil
}

// UnmarshalText reads the state.
func (r *random) UnmarshalText(text []byte) error {
	state, err := hex.AppendDecode(nil, text)
	if err != nil {
		return err
	}
	fresh := newRandom(0, 0)
	if err := fresh.source.UnmarshalBinary(state); err != nil {
		return err
	}
	*r = fresh
	return nil
}

// text returns n characters of an alphabet.
func (r random) text(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// between returns a number from low to high, both included.
func (r random) between(low, high int64) int64 {
	return low + r.Int64N(high-low+1)
}

// chance is true in the given number of cases out of a hundred.
func (r random) chance(percent int) bool { return r.IntN(100) < percent }

// pick returns one of the values.
func pick[T any](r random, values []T) T { return values[r.IntN(len(values))] }

// ids hands out growing ids of 18 or 19 digits with gaps, as the platform's
// do. It is guarded by the lock of its owner.
type ids struct {
	next uint64
	rng  random
}

// keptIDs is a sequence in a snapshot.
type keptIDs struct {
	Next   uint64 `json:"next"`
	Random random `json:"random"`
}

// MarshalJSON writes the sequence so that it goes on.
func (s ids) MarshalJSON() ([]byte, error) { return json.Marshal(keptIDs{s.next, s.rng}) }

// UnmarshalJSON reads a sequence.
func (s *ids) UnmarshalJSON(raw []byte) error {
	var saved keptIDs
	if err := decodeStrict(raw, &saved); err != nil {
		return err
	}
	s.next, s.rng = saved.Next, saved.Random
	return nil
}

func (s *ids) new() string {
	s.next += 1 + s.rng.Uint64N(1<<30)
	return strconv.FormatUint(s.next, 10)
}

// mix is the finaliser of SplitMix64: neighbouring numbers come out unrelated.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// number returns an id made here as a number.
func number(id string) int64 {
	n, err := parseID(id)
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	return n
}

// parseID returns an id from outside as a number.
func parseID(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("id %q is not a number", id)
	}
	return n, nil
}
