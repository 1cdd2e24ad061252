// Package invent makes things up from a seed: random sequences that can be kept,
// ids, fingerprints.
package invent

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

const (
	LowerDigits = "0123456789abcdefghijklmnopqrstuvwxyz"
	UpperDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	HexDigits   = "0123456789abcdef"
	URLDigits   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// Streams keep the parts of the world independent of each other: one more
// draw for a token does not change an order. Shops follow StreamShops.
const (
	StreamCredentials = iota + 1
	StreamTokens
	StreamRequests
	StreamFaults
	StreamSeller
	StreamBrands
	StreamImages
	StreamShops
)

// The streams of what came later are clear of those of the shops and of each
// other. Where shops, sellers or creators have one each, theirs follow; a shop
// has eight for its trade, and promotions take a second one 1,000 further on.
const (
	StreamUsers      = 1000
	StreamArchive    = 3000 // added to the seed, not a stream of it
	StreamTrade      = 1 << 16
	StreamWebhooks   = 1 << 20
	StreamPromotions = 1 << 21
	StreamChats      = 1 << 22
	StreamWarehouses = 1 << 23
	StreamGlobals    = 1 << 24
	StreamFiles      = 1<<24 + 100
	StreamRegisters  = 1<<24 + 200
	StreamAffiliate  = 1<<24 + 300
	StreamCreators   = 1<<24 + 400
	StreamFBT        = 1<<24 + 500

	StreamTranslations = 1<<24 + 600
	StreamTalks        = 1<<24 + 700
	StreamCampaigns    = 1<<24 + 800
)

// Random draws everything that is made up, reproducibly. Its text form is its
// state: it goes on where the original went on.
type Random struct {
	*rand.Rand
	Source *rand.PCG
}

// NewRandom returns the random sequence of a stream of a seed.
func NewRandom(seed, stream uint64) Random {
	source := rand.NewPCG(seed, stream)
	return Random{rand.New(source), source}
}

// MarshalText writes the state in hexadecimal.
func (r Random) MarshalText() ([]byte, error) {
	state, err := r.Source.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return hex.AppendEncode(nil, state), nil
}

// UnmarshalText reads the state.
func (r *Random) UnmarshalText(text []byte) error {
	state, err := hex.AppendDecode(nil, text)
	if err != nil {
		return err
	}
	fresh := NewRandom(0, 0)
	if err := fresh.Source.UnmarshalBinary(state); err != nil {
		return err
	}
	*r = fresh
	return nil
}

// Text returns n characters of an alphabet.
func (r Random) Text(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// Between returns a number from low to high, both included.
func (r Random) Between(low, high int64) int64 {
	return low + r.Int64N(high-low+1)
}

// Chance is true in the given number of cases out of a hundred.
func (r Random) Chance(percent int) bool { return r.IntN(100) < percent }

// Pick returns one of the values.
func Pick[T any](r Random, values []T) T { return values[r.IntN(len(values))] }

// IDs hands out growing ids of 18 or 19 digits with gaps, as the platform's
// do. It is guarded by the lock of its owner.
type IDs struct {
	Next   uint64
	Random Random
}

// keptIDs is a sequence in a snapshot.
type keptIDs struct {
	Next   uint64 `json:"next"`
	Random Random `json:"random"`
}

// MarshalJSON writes the sequence so that it goes on.
func (s IDs) MarshalJSON() ([]byte, error) { return json.Marshal(keptIDs(s)) }

// UnmarshalJSON reads a sequence.
func (s *IDs) UnmarshalJSON(raw []byte) error {
	var saved keptIDs
	if err := wire.DecodeStrict(raw, &saved); err != nil {
		return err
	}
	s.Next, s.Random = saved.Next, saved.Random
	return nil
}

// New returns the next id.
func (s *IDs) New() string {
	s.Next += 1 + s.Random.Uint64N(1<<30)
	return strconv.FormatUint(s.Next, 10)
}

// Mix is the finaliser of SplitMix64: neighbouring numbers come out unrelated.
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Number returns an id made here as a number.
func Number(id string) int64 {
	n, err := ParseID(id)
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	return n
}

// ParseID returns an id from outside as a number.
func ParseID(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("id %q is not a number", id)
	}
	return n, nil
}

// FNVMixed is a well-mixed fingerprint of words.
func FNVMixed(words []string) uint64 { return Mix(FNVOf(words...)) }

// FNVOf is a fingerprint of words.
func FNVOf(words ...string) uint64 {
	h := fnv.New64a()
	for _, word := range words {
		h.Write([]byte(word))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// FinanceID makes an id out of what it stands for: the same every time.
func FinanceID(words ...string) string {
	return strconv.FormatUint(7_100_000_000_000_000_000+FNVMixed(words)%400_000_000_000_000_000, 10)
}

// Whole tells what is missing in a generator that was read.
func (r Random) Whole() error {
	if r.Source == nil {
		return errors.New("is missing, want the state of a random sequence in hexadecimal")
	}
	return nil
}
