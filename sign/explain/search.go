package explain

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"hash/maphash"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// budget is the number of bytes hashed after which mistakes with hundreds of
// variants, and pairs with a rare mistake, are no longer tried. It keeps the search
// for a request of 100 KB under 50 ms. Single mistakes and pairs of common ones are
// always tried.
const budget = 6 << 20

// overhead is the cost of a string besides hashing, in bytes that could be hashed
// in the same time.
const overhead = 1 << 10

// search signs a request in many ways until one yields the signature that was
// sent.
type search struct {
	*facts
	target target
	forms  *forms
	tried  map[uint64]bool // hashes of strings
	spent  int             // of the budget
	count  int             // strings signed

	// Memory reused from one string to the next.
	recipe  recipe
	scratch recipeScratch
	hasher  maphash.Hash
}

// batch holds the strings of one stage. Those that are equal up to the end of the
// body share its hashing.
type batch struct {
	text   []byte // of all strings, one after the other
	stems  []stem
	leaves []leaf
	more   map[int][]story // further stories of a leaf

	stemAt map[uint64]int // by hash
	leafAt map[uint64]int // by hash
}

// stem is the beginning of strings: the digest's kind and key, what comes before
// the body, and the body.
type stem struct {
	digest digestKind
	key    string
	prefix span
	form   bodyForm
	leaf   int // the first of its leaves
}

// leaf is a string: a stem and what comes after the body.
type leaf struct {
	digest digestKind
	key    string // of the digest
	suffix span
	story  story
	next   int // the next leaf of the stem, 0 for none
}

// span is a part of batch.text.
type span struct{ start, end int }

// find looks for the mistakes that were made, most likely first.
func (f *facts) find() ([]Mistake, int) {
	ways := f.ways()
	count := 0
	forms := newForms(f)
	forms.prepare(ways)
	for _, t := range targets(f.got) {
		if !slices.Contains([]int{16, 20, 32, 64}, len(t.sum)) && !t.start {
			continue // not the size of a digest
		}
		s := f.newSearch(t, forms)
		found := s.run(ways)
		count += s.count
		if len(found) > 0 {
			return found, count
		}
	}
	return nil, count
}

func (f *facts) newSearch(t target, x *forms) *search {
	return &search{facts: f, target: t, forms: x, tried: map[uint64]bool{}}
}

func (s *search) run(ways []*way) []Mistake {
	stages := []iter.Seq[story]{s.singles(ways), s.pairs(ways, false), s.late(), s.pairs(ways, true)}
	costly := 2 // the first that has a budget
	if s.target.way != nil {
		// The form of the signature is a mistake already: at most one more.
		stages = []iter.Seq[story]{s.none(), s.singles(ways), s.late()}
	} else {
		s.note(s.right()) // the right string need not be signed again
	}
	for i, stage := range stages {
		if i == costly {
			s.spent = 0
		}
		if found := s.try(stage); found != nil {
			return s.mistakes(found)
		}
	}
	return nil
}

// mistakes turns the stories of a string into mistakes, most likely first.
func (s *search) mistakes(stories []story) []Mistake {
	slices.SortStableFunc(stories, func(a, b story) int {
		return cmp.Or(cmp.Compare(a.parts(), b.parts()), cmp.Compare(b.weight(), a.weight()))
	})
	const most = 3
	var list []Mistake
	for _, t := range stories {
		m := t.mistake(s.target.way)
		if t.parts() == stories[0].parts() && len(list) < most && !slices.ContainsFunc(list, func(x Mistake) bool { return x.ID == m.ID }) {
			list = append(list, m)
		}
	}
	return list
}

func (s *search) none() iter.Seq[story] {
	return func(yield func(story) bool) { yield(story{}) }
}

// singles returns every mistake alone, and together with those that change
// nothing up to the body's end: these pairs cost next to nothing now, but the
// hashing of the body later.
func (s *search) singles(ways []*way) iter.Seq[story] {
	return func(yield func(story) bool) {
		for _, w := range ways {
			if !yield(story{w, nil}) {
				return
			}
		}
		if s.target.way != nil {
			return
		}
		for _, end := range s.ends(ways) {
			for _, w := range ways {
				if w != end && compatible(w, end) && !yield(story{w, end}) {
					return
				}
			}
		}
	}
}

// ends returns the mistakes that change the end of the string only.
func (s *search) ends(ways []*way) []*way {
	stemHash := func(r recipe) uint64 {
		prefix, suffix := s.parts(&r)
		stem, _ := s.hash(&r, prefix, suffix)
		return stem
	}
	right := stemHash(s.right())
	var ends []*way
	for _, w := range ways {
		r := s.right()
		w.apply(&r)
		if r.layout == layoutRight && s.fits(r.digest) && stemHash(r) == right {
			ends = append(ends, w)
		}
	}
	return ends
}

// pairs returns the pairs of compatible mistakes: of two common ones, or of a
// common and a rare one. The latter end with the budget.
func (s *search) pairs(ways []*way, rare bool) iter.Seq[story] {
	return func(yield func(story) bool) {
		for i, a := range ways {
			for _, b := range ways[i+1:] {
				if !compatible(a, b) || a.rare && b.rare || (a.rare || b.rare) != rare {
					continue
				}
				if rare && s.spent > budget {
					return
				}
				if !yield(story{a, b}) {
					return
				}
			}
		}
	}
}

// late returns mistakes that can be made in hundreds of ways. They end with
// the budget.
func (s *search) late() iter.Seq[story] {
	return func(yield func(story) bool) {
		done := false
		for _, h := range lateMistakes() {
			h.find(s.facts, func(sentence, fix string, apply func(*recipe)) {
				if !done && s.spent <= budget {
					done = !yield(story{&way{&h, sentence, fix, apply}, nil})
				}
			})
		}
	}
}

// try signs the request as the stories say. It returns all stories of the
// string whose signature was sent, or nil.
func (s *search) try(stories iter.Seq[story]) []story {
	b := &batch{stemAt: map[uint64]int{}, leafAt: map[uint64]int{}, more: map[int][]story{}}
	// No leaf has the index 0, which stands for none.
	b.leaves = append(b.leaves, leaf{})
	right := s.right()
	for t := range stories {
		s.recipe = right
		t.apply(&s.recipe)
		if s.fits(s.recipe.digest) {
			s.add(b, &s.recipe, t)
		}
	}
	return s.sign(b)
}

// note marks the string of a recipe as tried.
func (s *search) note(r recipe) {
	prefix, suffix := s.parts(&r)
	_, leaf := s.hash(&r, prefix, suffix)
	s.tried[leaf] = true
}

// parts returns what comes before the body and after it. Equal strings nearly
// always have equal parts: unequal parts only cost time.
func (s *search) parts(r *recipe) (prefix, suffix []byte) {
	r.body = s.forms.simplest(r.body)
	text, cut := r.message(&s.scratch)
	if r.body.kind == bodyNone {
		cut = len(text)
	}
	return text[:cut], text[cut:]
}

// hash returns the hashes of a stem and of a leaf. Collisions do not
// occur in practice.
func (s *search) hash(r *recipe, prefix, suffix []byte) (stem, leaf uint64) {
	h := &s.hasher
	h.Reset()
	_ = h.WriteByte(byte(r.digest.shared())) // hashes never fail
	_, _ = h.WriteString(r.digest.stemKey(r.key))
	_ = h.WriteByte(byte(s.forms.number(r.body)))
	_ = h.WriteByte(byte(s.forms.number(r.body) >> 8))
	_, _ = h.Write(prefix)
	stem = h.Sum64()
	_ = h.WriteByte(byte(r.digest))
	_, _ = h.WriteString(r.digest.leafKey(r.key))
	_, _ = h.Write(suffix)
	return stem, h.Sum64()
}

// add adds the string of a recipe to the batch, unless it has been tried.
func (s *search) add(b *batch, r *recipe, t story) {
	prefix, suffix := s.parts(r)
	stemHash, leafHash := s.hash(r, prefix, suffix)
	if i, ok := b.leafAt[leafHash]; ok {
		b.more[i] = append(b.more[i], t)
		return
	}
	if s.tried[leafHash] {
		return
	}
	s.tried[leafHash] = true
	at, ok := b.stemAt[stemHash]
	if !ok {
		at = len(b.stems)
		b.stemAt[stemHash] = at
		b.stems = append(b.stems, stem{r.digest.shared(), r.digest.stemKey(r.key), b.save(prefix), r.body, 0})
		s.spent += len(prefix) + s.size(r.body) + overhead
	}
	b.leafAt[leafHash] = len(b.leaves)
	b.leaves = append(b.leaves, leaf{r.digest, r.key, b.save(suffix), t, b.stems[at].leaf})
	b.stems[at].leaf = len(b.leaves) - 1
	s.count++
}

func (b *batch) save(text []byte) span {
	start := len(b.text)
	b.text = append(b.text, text...)
	return span{start, len(b.text)}
}

func (b *batch) read(s span) []byte { return b.text[s.start:s.end] }

// fits reports whether a digest can be that of the target.
func (s *search) fits(d digestKind) bool {
	size := d.algorithm().size
	return size == len(s.target.sum) || s.target.start && size > len(s.target.sum)
}

// size returns the approximate length of a form of the body.
func (s *search) size(form bodyForm) int {
	switch form.kind {
	case bodyNone:
		return 0
	case bodyText:
		return len(form.text)
	}
	return len(s.body)
}

// sign signs the strings of a batch and returns the stories of the one whose
// signature was sent, or nil.
func (s *search) sign(b *batch) []story {
	// Stems with the same form of the body are together, so that it is written
	// once.
	place := map[bodyForm]int{}
	order := make([]int, len(b.stems)) // indices of stems
	total := 0
	for i, x := range b.stems {
		if _, ok := place[x.form]; !ok {
			place[x.form] = len(place)
		}
		order[i] = i
		total += s.size(x.form) + overhead
	}
	if len(place) > 1 {
		slices.SortFunc(order, func(i, j int) int { return cmp.Or(place[b.stems[i].form]-place[b.stems[j].form], i-j) })
	}

	const enough = 1 << 20 // bytes worth another goroutine
	workers := max(1, min(runtime.GOMAXPROCS(0), 8, total/enough))
	hits := make([]int, len(b.stems)) // the leaf that was found, 0 for none
	var next, best atomic.Int64       // best is the first stem with a hit
	best.Store(int64(len(b.stems)))
	work := func() {
		w := worker{search: s, batch: b, hashes: map[hashKey]hash.Hash{}}
		for {
			i := next.Add(1) - 1
			if i >= best.Load() {
				return
			}
			if hits[i] = w.sign(b.stems[order[i]]); hits[i] == 0 {
				continue
			}
			for old := best.Load(); i < old && !best.CompareAndSwap(old, i); old = best.Load() {
			}
			return
		}
	}
	var group sync.WaitGroup
	for range workers - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
	if i := best.Load(); i < int64(len(b.stems)) {
		return append([]story{b.leaves[hits[i]].story}, b.more[hits[i]]...)
	}
	return nil
}

// worker signs one stem after another.
type worker struct {
	*search
	*batch
	hashes map[hashKey]hash.Hash
	ready  bool     // body is set
	form   bodyForm // of body
	body   []byte
	sum    []byte
}

type hashKey struct {
	digest digestKind
	key    string
}

// sign returns the leaf whose signature was sent, or 0.
func (w *worker) sign(x stem) int {
	if !w.ready || w.form != x.form {
		w.ready, w.form, w.body = true, x.form, w.forms.text(x.form)
	}
	h := w.fresh(x.digest, x.key)
	_, _ = h.Write(w.batch.read(x.prefix)) // hashes never fail
	_, _ = h.Write(w.body)
	for i := x.leaf; i != 0; {
		l := w.leaves[i]
		running := h
		if l.next != 0 {
			running = clone(h)
		}
		_, _ = running.Write(w.batch.read(l.suffix))
		w.sum = running.Sum(w.sum[:0])
		if l.digest == swappedSHA256 {
			w.swap(x, l)
		}
		if bytes.Equal(w.target.sum, w.sum[:min(len(w.sum), len(w.target.sum))]) {
			return i
		}
		i = l.next
	}
	return 0
}

// fresh returns a hash that nothing has been written to.
func (w *worker) fresh(digest digestKind, key string) hash.Hash {
	k := hashKey{digest, key}
	h := w.hashes[k]
	if h == nil {
		h = digest.hash(key)
		w.hashes[k] = h
	}
	h.Reset()
	return h
}

// swap turns the digest of the string into that of an HMAC whose key is the
// string. A key that is longer than a block is replaced by its digest.
func (w *worker) swap(x stem, l leaf) {
	key := w.sum
	if prefix, suffix := w.batch.read(x.prefix), w.batch.read(l.suffix); len(prefix)+len(w.body)+len(suffix) <= sha256.BlockSize {
		key = slices.Concat(prefix, w.body, suffix)
	}
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(l.key))
	w.sum = mac.Sum(w.sum[:0])
}

// clone returns a copy of a running hash. All hashes of the standard library
// can be copied.
func clone(h hash.Hash) hash.Hash {
	c, err := h.(hash.Cloner).Clone()
	if err != nil {
		panic("explain: " + err.Error())
	}
	return c
}
