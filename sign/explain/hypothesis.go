package explain

// A hypothesis is a mistake that people make. The tables of hypotheses are in the
// files named mistakes_….go.
type hypothesis struct {
	id string
	// sets are the parts of the recipe that it changes. Two hypotheses that
	// change the same part are not combined.
	sets aspect
	// weight says how likely the mistake is compared with the others, 1 to 100.
	// It decides which explanation comes first if several fit.
	weight int
	// rare hypotheses are tried alone, and combined with common ones as long
	// as that takes little time.
	rare bool
	// find adds the ways in which the mistake can have been made with this
	// request. It adds none if the mistake makes no sense; a way that
	// changes nothing is ignored.
	find func(f *facts, add addFunc)
}

// addFunc adds one way to make a mistake: what was done, what to do instead,
// and its effect on the recipe.
type addFunc func(sentence, fix string, apply func(*recipe))

// aspect is a set of parts of a recipe.
type aspect uint32

const (
	ofToken aspect = 1 << iota
	ofSign
	ofSource
	ofRepeated
	ofEmpty
	ofList
	ofValue
	ofOrder
	ofJoin
	ofTime
	ofPath
	ofLead
	ofLayout
	ofSpacing
	ofKeys
	ofEscapes
	ofNumbers
	ofMembers
	ofTail
	ofSecret
	ofWrap
	ofDigest

	ofBody  = ofSpacing | ofKeys | ofEscapes | ofNumbers | ofMembers | ofTail
	ofQuery = ofToken | ofSign | ofSource | ofRepeated | ofEmpty | ofList | ofValue | ofOrder | ofJoin | ofTime
)

// way is one way to make a mistake.
type way struct {
	*hypothesis
	sentence, fix string
	apply         func(*recipe)
}

// tables returns all hypotheses except those about the form of the signature, which
// [targets] looks at. The last table is [lateMistakes].
func tables() [][]hypothesis {
	return [][]hypothesis{
		queryMistakes(), valueMistakes(), timeMistakes(), pathMistakes(), bodyMistakes(), rewriteMistakes(), secretMistakes(), digestMistakes(), lateMistakes(),
	}
}

// ways returns all ways of the hypotheses in the tables except the last.
func (f *facts) ways() []*way {
	var list []*way
	all := tables()
	for _, table := range all[:len(all)-1] {
		for i := range table {
			h := &table[i]
			h.find(f, func(sentence, fix string, apply func(*recipe)) {
				list = append(list, &way{h, sentence, fix, apply})
			})
		}
	}
	return list
}

// story is one mistake, or two that were made together, or none.
type story [2]*way

func (t story) apply(r *recipe) {
	for _, w := range t {
		if w != nil {
			w.apply(r)
		}
	}
}

// parts is the number of mistakes in the story.
func (t story) parts() int {
	n := 0
	for _, w := range t {
		if w != nil {
			n++
		}
	}
	return n
}

func (t story) weight() int {
	sum := 0
	for _, w := range t {
		if w != nil {
			sum += w.weight
		}
	}
	return sum
}

// compatible reports whether two mistakes can be made together.
func compatible(a, b *way) bool { return a.sets&b.sets == 0 }

// mistake puts the story into words, and that of the signature's form unless nil.
func (t story) mistake(output *way) Mistake {
	var parts []Mistake
	for _, w := range append(t[:], output) {
		if w != nil {
			parts = append(parts, Mistake{ID: w.id, Sentence: w.sentence, Fix: w.fix})
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	m := Mistake{Parts: parts}
	for i, part := range parts {
		if i > 0 {
			m.ID += "+"
			m.Sentence += "; and "
			m.Fix += "; and "
		}
		m.ID += part.ID
		m.Sentence += part.Sentence
		m.Fix += part.Fix
	}
	return m
}
