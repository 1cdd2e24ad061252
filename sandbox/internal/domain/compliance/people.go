package compliance

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The values of a phone number's availability.
const (
	phoneAvailable   = "AVAILABLE"
	phoneUnavailable = "UNAVAILABLE"
)

// registerLocales are the languages of the European markets. The first one
// stands for a language that is not named.
func registerLocales() []string { return []string{"en-IE", "de-DE", "es-ES", "fr-FR", "it-IT"} }

// phoneNumber is a phone number in requests and answers.
type phoneNumber struct {
	Availability string `json:"availability,omitempty"` // of manufacturers
	Country      string `json:"country_code,omitempty"`
	Local        string `json:"local_number,omitempty"`
}

// check refuses what is not a number. How long one may be is not documented: from
// four to fifteen digits are taken, the range of E.164.
func (p *phoneNumber) check() *gate.Failure {
	if p == nil || p.Availability == phoneUnavailable {
		return nil
	}
	prefix, hasPlus := strings.CutPrefix(p.Country, "+")
	digits := strings.NewReplacer(" ", "", "-", "").Replace(p.Local)
	switch {
	case !hasPlus || prefix == "" || len(prefix) > 4 || strings.Trim(prefix, "0123456789") != "":
		return gate.Fail(codePhonePrefix, "'phone_number.country_code' takes a plus sign and up to 4 digits")
	case len(digits) < 4 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "":
		return gate.Fail(codePhoneLength, "'phone_number.local_number' takes 4 to 15 digits")
	}
	return nil
}

// checkEmail refuses what is not an address. Empty ones are checked elsewhere.
func checkEmail(email string) *gate.Failure {
	if email == "" {
		return nil
	}
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email || !strings.Contains(email[strings.LastIndex(email, "@"):], ".") {
		return gate.Fail(codeEmail, "'email' is not a valid address")
	}
	return nil
}

// registering runs an operation on the register of the caller. The documents
// turn global sellers away; here a seller needs one local shop.
func registering(c *gate.Call, write bool, work func(r *register) *gate.Failure) *gate.Failure {
	if !slices.ContainsFunc(c.Grant.Shops, func(s *world.Shop) bool { return s.SellerType == "LOCAL" }) {
		return gate.Fail(codeRegisterForbidden, "global sellers cannot use this operation, it needs a local shop")
	}
	all := Of(c.State.World)
	if write {
		all.Mu.Lock()
		defer all.Mu.Unlock()
	} else {
		all.Mu.RLock()
		defer all.Mu.RUnlock()
	}
	return work(all.Sellers[c.Grant.OpenID])
}

// stranger tells an entry of another seller from one that nobody has. The lock
// is held.
func stranger(c *gate.Call, what string, has func(r *register, id string) bool) *gate.Failure {
	id := c.Param(0)
	for _, other := range Of(c.State.World).Sellers {
		if has(other, id) {
			return gate.Fail(codeRegisterForeign, what, " ", id, " is registered for another seller")
		}
	}
	return gate.Fail(codeRegisterUnknown, "no ", what, " has the id ", id)
}

// registerSearch is what the searches of the registers take.
type registerSearch struct {
	gate.PageRequest
	scope   string
	after   *gate.Cursor
	keyword string
	ids     []string
	locales []string // of the profiles to show
}

// registerQuery reads a search. The ids have a name of their own in each.
func registerQuery(c *gate.Call, scope string) (*registerSearch, *gate.Failure) {
	page, f := c.Page(codeRegisterPageSize)
	if f != nil {
		return nil, f
	}
	s := &registerSearch{PageRequest: page, scope: scope + " " + c.Grant.OpenID}
	if s.after, f = page.Cursor(c.State.World.Seed, s.scope); f != nil {
		return nil, gate.Fail(codeRegisterToken, f.Message)
	}
	var in struct {
		Keyword       string   `json:"keyword"`
		Locales       []string `json:"locales"`
		Manufacturers []string `json:"manufacturer_ids"`
		Responsible   []string `json:"responsible_person_ids"`
	}
	if f := c.Decode(&in); f != nil {
		return nil, f
	}
	s.keyword, s.locales, s.ids = in.Keyword, in.Locales, append(in.Manufacturers, in.Responsible...)
	if len(s.locales) == 0 {
		s.locales = registerLocales()
	}
	if len(s.ids) > page.Size {
		return nil, gate.Fail(codeRegisterIDs, "more ids than fit on a page of ", strconv.Itoa(page.Size))
	}
	return s, nil
}

// matches reports whether an entry passes the search. The keyword is looked for
// in names.
func (s *registerSearch) matches(id string, names ...string) bool {
	return (len(s.ids) == 0 || slices.Contains(s.ids, id)) &&
		(s.keyword == "" || slices.ContainsFunc(names, func(name string) bool { return ContainsFold(name, s.keyword) }))
}
