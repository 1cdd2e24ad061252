package sign

import (
	"net/url"
	"slices"
	"strings"
)

// pair is one decoded query parameter.
type pair struct{ key, value string }

// signed reports whether a parameter takes part in the signature.
func signed(key string) bool { return key != "sign" && key != "access_token" }

// collect adds the parameters that take part in the signature.
func (st *state) collect(query url.Values) {
	for key, values := range query {
		if len(values) > 0 && signed(key) {
			st.pairs = append(st.pairs, pair{key, values[0]})
		}
	}
}

// sortPairs sorts by key in byte order; pairs of the same key keep their order.
func sortPairs(pairs []pair) {
	const few = 16 // real requests carry about six parameters
	if len(pairs) > few {
		slices.SortStableFunc(pairs, func(a, b pair) int { return strings.Compare(a.key, b.key) })
		return
	}
	for i := 1; i < len(pairs); i++ {
		for j := i; j > 0 && pairs[j].key < pairs[j-1].key; j-- {
			pairs[j], pairs[j-1] = pairs[j-1], pairs[j]
		}
	}
}
