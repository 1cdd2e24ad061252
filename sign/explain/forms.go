package explain

import (
	"bytes"
	"hash/maphash"
	"runtime"
	"sync"
	"sync/atomic"
)

// forms writes the body in other forms. It finds out which of them are the same
// text, so that it is not signed twice; the parts of a style are examined one by
// one, since they are independent. It caches texts, up to a limit, and several
// goroutines may use it for them.
type forms struct {
	*facts
	seed  maphash.Seed
	same  map[bodyForm]bodyForm // to the first form with the same text
	first map[formText]bodyForm

	numbers map[bodyForm]int

	mu   sync.Mutex
	kept map[bodyForm]*text
	size int // of what is cached, in bytes
}

// formText is a text and the part of the style that made it.
type formText struct {
	part uint8
	hash uint64
}

// text is a form of the body that is written on first use.
type text struct {
	write sync.Once
	bytes []byte
}

// keptLimit is the memory that the cached texts of a body may take, in bytes.
const keptLimit = 32 << 20

func newForms(f *facts) *forms {
	return &forms{facts: f, seed: maphash.MakeSeed(), same: map[bodyForm]bodyForm{}, first: map[formText]bodyForm{}, numbers: map[bodyForm]int{}, kept: map[bodyForm]*text{}}
}

// text returns a form of the body, which must not be changed.
func (x *forms) text(form bodyForm) []byte {
	if form.kind == bodySent {
		return x.body
	}
	x.mu.Lock()
	t := x.kept[form]
	if t == nil {
		t = new(text)
		if x.size += len(x.body); x.size <= keptLimit {
			x.kept[form] = t
		}
	}
	x.mu.Unlock()
	t.write.Do(func() { t.bytes = x.render(form) })
	return t.bytes
}

// prepare writes the forms that the mistakes lead to, on all processors if the
// body is large.
func (x *forms) prepare(ways []*way) {
	const large = 32 << 10
	if len(x.body) < large {
		return
	}
	var list []bodyForm
	for _, w := range ways {
		r := x.right()
		w.apply(&r)
		switch r.body.kind {
		case bodySent, bodyNone, bodyText:
		case bodyJSON:
			for _, only := range r.body.style.parts() {
				if only == (style{}) {
					continue
				}
				list = append(list, bodyForm{kind: bodyJSON, style: only})
			}
		default:
			list = append(list, r.body)
		}
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 8) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)); i = next.Add(1) - 1 {
				x.text(list[i])
			}
		})
	}
	group.Wait()
}

// number returns a number for a form.
func (x *forms) number(form bodyForm) int {
	if form.kind < bodyText {
		return int(form.kind)
	}
	n, ok := x.numbers[form]
	if !ok {
		n = len(x.numbers) + int(bodyText)
		x.numbers[form] = n
	}
	return n
}

// simplest returns the simplest form with the same text.
func (x *forms) simplest(form bodyForm) bodyForm {
	switch {
	case form.kind == bodySent && len(x.body) == 0:
		return bodyForm{kind: bodyNone}
	case form.kind == bodySent || form.kind == bodyNone || form.kind == bodyText:
		return form
	case form.kind != bodyJSON:
		return x.part(styleParts, form)
	}
	simple := form.style
	for i, only := range simple.parts() {
		if only != (style{}) {
			simple.replace(i, x.part(uint8(i), bodyForm{kind: bodyJSON, style: only}).style)
		}
	}
	if simple == (style{}) {
		return bodyForm{}
	}
	form.style = simple
	return form
}

// part returns the first form with the same text among those of the same part.
func (x *forms) part(n uint8, form bodyForm) bodyForm {
	if same, ok := x.same[form]; ok {
		return same
	}
	text := x.text(form)
	same := bodyForm{}
	if !bytes.Equal(text, x.body) {
		k := formText{n, maphash.Bytes(x.seed, text)}
		var ok bool
		if same, ok = x.first[k]; !ok {
			same = form
			x.first[k] = form
		}
	}
	x.same[form] = same
	return same
}
