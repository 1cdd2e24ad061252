package ask

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// How much counts towards the score of an operation. These weights were fitted to the
// phrases, each asked of an index without it, and to questions that were written to
// tune the search with.
const (
	perSecond = 0.6  // its next best phrase, beside the best
	perBag    = 1.25 // all that is known of it
	perDomain = 0.15 // how far the words are at home in its domain
	perIntent = 0.15 // whether it reads or writes as the question does
	perPrior  = 0.06 // how often it is needed
)

// Of how well a phrase fits, this much is how much of the question it has, and the rest
// how much of it the question has.
const perRecall = 0.65

// tfHalf is the frequency by which an operation has half of a word: the saturation of
// BM25.
const tfHalf = 0.6

// atHome is the least frequency by which a word is at home in the domain of an
// operation; names of fields alone have less.
const atHome = 0.4

// perPair is what words in the same order add to a phrase.
const perPair = 0.06

// scored is an operation with how well it answers a question.
type scored struct {
	name  string
	score float64
}

// rank returns the operations that answer a question in part, the best first.
func (x *operationIndex) rank(question string) []scored {
	wishes := x.wishes(question)
	if len(wishes) == 0 {
		return nil
	}
	sought := 0.0
	wanted := make([][]metWish, len(x.terms))
	for i, w := range wishes {
		sought += w.weight
		for _, m := range w.met {
			wanted[m.term] = append(wanted[m.term], metWish{i, m.quality})
		}
	}
	bags := x.bags(wishes)
	domains := x.domains(wishes)
	intent := intentOf(question)
	var found []scored
	met := make([]float64, len(wishes))
	for i := range x.documents {
		if bags[i] == 0 {
			continue
		}
		d := &x.documents[i]
		best, second := 0.0, 0.0
		for j := range d.phrases {
			s := x.likeness(&d.phrases[j], wishes, wanted, sought, met)
			if s > best {
				best, second = s, best
			} else if s > second {
				second = s
			}
		}
		score := best + perSecond*second + perBag*bags[i]/sought + perDomain*domains[d.domain]/sought
		score += perIntent*intent.fits(d) + perPrior*prior(d.name)
		found = append(found, scored{d.name, score})
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return found
}

// metWish is a wish that a term meets.
type metWish struct {
	wish    int
	quality float64
}

// bags rates all that is known of each operation by BM25F: how much of what was asked
// it has, wherever it stands.
func (x *operationIndex) bags(wishes []wish) []float64 {
	totals := make([]float64, len(x.documents))
	most := make([]float64, len(x.documents))
	for _, w := range wishes {
		clear(most)
		for _, m := range w.met {
			for i, tf := range x.holders(m.term) {
				most[i] = max(most[i], m.quality*tf/(tf+tfHalf))
			}
		}
		for i, m := range most {
			totals[i] += w.weight * m
		}
	}
	return totals
}

// domains rates how far the words of a question are at home in each domain.
func (x *operationIndex) domains(wishes []wish) []float64 {
	totals := make([]float64, x.domainCount)
	here := make([]float64, x.domainCount)
	for _, w := range wishes {
		clear(here)
		all := 0.0
		for _, m := range w.met {
			if m.quality < sameMeaning {
				continue
			}
			for i, tf := range x.holders(m.term) {
				if tf > atHome {
					here[x.documents[i].domain] += m.quality
					all += m.quality
				}
			}
		}
		for i, n := range here {
			if all > 0 {
				totals[i] += w.weight * n / all
			}
		}
	}
	return totals
}

// likeness rates how far a phrase says the same as a question, between 0 and 1 and a
// little more for words in the same order.
func (x *operationIndex) likeness(p *phrase, wishes []wish, wanted [][]metWish, sought float64, met []float64) float64 {
	clear(met)
	said, pairs := 0.0, 0
	last := -2
	for _, term := range p.terms {
		best := 0.0
		at := -2
		for _, m := range wanted[term] {
			met[m.wish] = max(met[m.wish], m.quality)
			if m.quality > best {
				best, at = m.quality, m.wish
			}
		}
		said += best * x.rarity[term]
		if at >= 0 && at == last+1 {
			pairs++
		}
		last = at
	}
	if said == 0 {
		return 0
	}
	heard := 0.0
	for i, quality := range met {
		heard += quality * wishes[i].weight
	}
	like := math.Pow(heard/sought, perRecall) * math.Pow(said/p.weight, 1-perRecall)
	if len(wishes) > 1 {
		like *= 1 + perPair*float64(pairs)/float64(len(wishes)-1)
	}
	return like
}

// intent is what somebody wants to do.
type intent struct{ read, write bool }

// intentOf returns what a question wants, by its first words.
func intentOf(question string) intent {
	for _, t := range tokens(question) {
		if isReading(t.word) {
			return intent{read: true}
		}
		if isChanging(t.word) {
			return intent{write: true}
		}
	}
	return intent{}
}

// isReading reports whether a question that begins with a word asks for something.
func isReading(word string) bool {
	switch word {
	case "what", "which", "who", "whose", "whom", "where", "when", "why", "is", "are", "was", "were", "did", "does", "has", "have", "do",
		"much", "many", "often", "long", "far", "fast", "good", "well", "quickly", "soon",
		"show", "list", "find", "search", "see", "view", "read", "fetch", "look", "check", "display", "browse", "query", "retrieve", "inspect",
		"compare", "rank", "count", "explain", "describe", "download", "export", "track", "trace", "validate", "verify", "estimate", "calculate", "suggest", "recommend":
		return true
	}
	return false
}

// isChanging reports whether a question that begins with a word asks for a change.
func isChanging(word string) bool {
	switch word {
	case "create", "add", "make", "update", "change", "edit", "delete", "remove", "set", "send", "upload", "approve", "reject", "cancel", "stop",
		"start", "put", "mark", "accept", "decline", "refuse", "write", "reply", "answer", "publish", "register", "link", "move", "ship", "take",
		"end", "give", "throw", "attach", "raise", "lower", "correct", "fix", "bring", "restore", "recover", "appeal", "translate", "copy", "duplicate",
		"book", "schedule", "invite", "offer", "withdraw", "revoke", "disconnect", "split", "combine", "merge", "pack", "dispatch", "hand", "hide", "pause",
		"activate", "deactivate", "enable", "disable", "switch", "turn", "bind", "unbind", "connect", "import", "submit", "confirm", "record", "report",
		"rename", "replace", "extend", "pin", "unpin", "post", "subscribe", "unsubscribe", "tell", "let", "open", "close", "refund", "deny", "allow", "grant",
		"call", "undo", "note", "store", "save", "deliver", "buy", "purchase", "increase", "reduce", "relist", "reorder", "star", "archive", "message", "notify":
		return true
	}
	return false
}

func (i intent) fits(d *document) float64 {
	switch {
	case i.read && !d.write, i.write && d.write:
		return 1
	case i.read || i.write:
		return -1
	}
	return 0
}

// prior returns how likely an operation is meant at all: most people work for a seller
// with a shop, and few with interfaces that are previews.
func prior(name string) float64 {
	domain, op, _ := strings.Cut(name, ".")
	switch domain {
	case "order", "product", "fulfillment", "return_refund", "logistics", "finance", "promotion", "authorization", "event", "seller", "customer_service":
		return 1
	case "affiliate", "gs_full_service_inventory", "gs_full_service_commodity", "gs_full_service_shipment", "supply_chain", "data_reconciliation", "epharmacy":
		if strings.Contains(op, "Preview") {
			return -1.5
		}
		return -1
	}
	return 0
}
