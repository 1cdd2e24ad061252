package policy

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
)

// Operations are the operations of a catalogue, ready for rules.
type Operations struct {
	names  []string
	writes []bool
	index  map[string]int
}

// NewOperations reads the operations of a catalogue.
func NewOperations(c *catalog.Catalog) (*Operations, error) {
	o := &Operations{index: map[string]int{}}
	for _, e := range c.Operations("") {
		op, err := c.Describe(e)
		if err != nil {
			return nil, fmt.Errorf("policy: %w", err)
		}
		o.index[e.FullName()] = len(o.names)
		o.names = append(o.names, e.FullName())
		o.writes = append(o.writes, op.Write)
	}
	return o, nil
}

// Rules are keys ready for decisions. They do not change and are safe for
// concurrent use.
type Rules struct {
	operations *Operations
	byHash     map[Hash]*holder
	byID       map[string]*holder
	clients    map[string]*Client
}

// holder is a credential and whose it is.
type holder struct {
	client     *Client
	credential Credential
}

// Client is one key ready for decisions.
type Client struct {
	key        Key
	operations *Operations
	verdicts   []verdict // by operation
	shops      shopSet
	grants     map[string]bool
}

// verdict is what the patterns of a key say about an operation: the number from 1
// of the pattern that allows it, the negative number of the one that denies it, or
// one of the values below. It is small, since there is one for each operation and
// list of patterns.
type verdict int16

const (
	nothingAllows verdict = 0
	onlyReads     verdict = math.MinInt16
	maxPatterns           = math.MaxInt16
)

// NewRules makes the rules of keys. A pattern that fits no operation is an error:
// a misspelt deny would open what it was to close.
func (o *Operations) NewRules(keys []Key) (*Rules, error) {
	r := &Rules{operations: o, byHash: map[Hash]*holder{}, byID: map[string]*holder{}, clients: map[string]*Client{}}
	shared := map[string][]verdict{} // most keys have one of few lists
	for _, k := range keys {
		if err := k.Validate(); err != nil {
			return nil, fmt.Errorf("policy: %w", err)
		}
		if r.clients[k.Name] != nil {
			return nil, fmt.Errorf("policy: two keys are named %s", k.Name)
		}
		lists := fmt.Sprintf("%q %q %t", k.Allow, k.Deny, k.ReadOnly)
		if shared[lists] == nil {
			verdicts, err := o.judge(k)
			if err != nil {
				return nil, fmt.Errorf("policy: key %s: %w", k.Name, err)
			}
			shared[lists] = verdicts
		}
		shops, err := newShopSet(k.Shops)
		if err != nil {
			return nil, fmt.Errorf("policy: key %s: %w", k.Name, err)
		}
		c := &Client{key: k, operations: o, verdicts: shared[lists], shops: shops, grants: map[string]bool{}}
		for _, grant := range k.Grants {
			c.grants[grant] = true
		}
		r.clients[k.Name] = c
		for _, credential := range k.Credentials {
			h := &holder{c, credential}
			if r.byHash[credential.Hash] != nil || r.byID[credential.ID] != nil {
				return nil, fmt.Errorf("policy: key %s: its credential %s is another one's, too", k.Name, credential.ID)
			}
			r.byHash[credential.Hash], r.byID[credential.ID] = h, h
		}
	}
	return r, nil
}

// judge returns what the patterns of a key say about every operation.
func (o *Operations) judge(k Key) ([]verdict, error) {
	verdicts := make([]verdict, len(o.names))
	for _, list := range []struct {
		rule     Rule
		patterns []string
		sign     verdict
	}{{RuleAllow, k.Allow, 1}, {RuleDeny, k.Deny, -1}} {
		if len(list.patterns) > maxPatterns {
			return nil, fmt.Errorf("it has more than %d patterns", maxPatterns)
		}
		for n, pattern := range list.patterns {
			fits := false
			for i, name := range o.names {
				if !match(pattern, name) {
					continue
				}
				fits = true
				if verdicts[i]*list.sign <= 0 { // the first pattern is named
					verdicts[i] = list.sign * verdict(n+1)
				}
			}
			if !fits {
				return nil, fmt.Errorf("%s %q fits no operation; use names such as order.GetOrderList or order.*", list.rule, pattern)
			}
		}
	}
	for i, v := range verdicts {
		if k.ReadOnly && o.writes[i] && v > 0 {
			verdicts[i] = onlyReads
		}
	}
	return verdicts, nil
}

// Client returns a key by its name, or nil.
func (r *Rules) Client(name string) *Client { return r.clients[name] }

// Clients returns all clients, by name.
func (r *Rules) Clients() []*Client {
	list := make([]*Client, 0, len(r.clients))
	for _, name := range slices.Sorted(maps.Keys(r.clients)) {
		list = append(list, r.clients[name])
	}
	return list
}

// Len returns the number of keys.
func (r *Rules) Len() int { return len(r.clients) }

// Authenticate returns the client that a presented key belongs to. It is nil if
// the key does not work, and the decision says why.
func (r *Rules) Authenticate(key string, now time.Time) (*Client, Decision) {
	if len(key) > maxKey {
		return nil, Decision{Rule: RuleUnknownKey}
	}
	return r.byHash[HashOf(key)].use(now)
}

// maxKey is the length up to which a presented key is looked at.
const maxKey = 256

// Credential returns the client that a credential belongs to and the sealed
// secret that its signatures are verified with. The client is nil if the
// credential does not work or is not for signatures, and the decision says why.
func (r *Rules) Credential(id string, now time.Time) (client *Client, sealed []byte, d Decision) {
	h := r.byID[id]
	if h == nil || h.credential.Sealed == nil {
		return nil, nil, Decision{Rule: RuleUnknownKey}
	}
	client, d = h.use(now)
	return client, h.credential.Sealed, d
}

// use returns the client of a credential that works at a time.
func (h *holder) use(now time.Time) (*Client, Decision) {
	if h == nil {
		return nil, Decision{Rule: RuleUnknownKey}
	}
	k := &h.client.key
	switch until := h.credential.Until; {
	case !k.Revoked.IsZero():
		return nil, Decision{Rule: RuleRevoked, Key: k.Name}
	case !k.Expires.IsZero() && !now.Before(k.Expires), !until.IsZero() && !now.Before(until):
		return nil, Decision{Rule: RuleExpired, Key: k.Name}
	}
	return h.client, Decision{}
}

// Name returns the name of the key.
func (c *Client) Name() string { return c.key.Name }

// Rate returns the calls per second that the key may make, infinite if it has no
// limit of its own.
func (c *Client) Rate() float64 {
	if c.key.Rate == 0 {
		return math.Inf(1)
	}
	return c.key.Rate
}

// Daily returns the calls per day that the key may make; 0 means no limit of its
// own.
func (c *Client) Daily() int { return c.key.Daily }

// State is [Key.State].
func (c *Client) State(now time.Time) string { return c.key.State(now) }

// OnlyShop returns the id or code of the one shop that the key may act for, where
// it names one without a pattern. Its requests need not name a shop.
func (c *Client) OnlyShop() (ref string, ok bool) {
	if len(c.key.Shops) != 1 || strings.ContainsAny(c.key.Shops[0], "*:") {
		return "", false
	}
	return c.key.Shops[0], true
}

// OnlyGrant returns the open id of the one creator or partner that the key may
// act for, where it may act for nobody else.
func (c *Client) OnlyGrant() (openID string, ok bool) {
	if len(c.key.Grants) != 1 || len(c.key.Shops) > 0 {
		return "", false
	}
	return c.key.Grants[0], true
}

// Request is a call to decide about.
type Request struct {
	// Operation is the full name, such as order.GetOrderList.
	Operation string
	// Shop is the shop that the call is for.
	Shop Shop
	// Account are all shops that the call reaches where the operation names none:
	// it is then made for the seller of Shop. Nil where the operation names it.
	Account []Shop
	// Grant is the open id of the creator or partner that the call is for. Shop and
	// Account are then not looked at.
	Grant string
}

// Decide says whether the client may make a call. Whether its key still works is
// said by [Rules.Authenticate].
func (c *Client) Decide(q Request) Decision {
	d := c.DecideOperation(q.Operation)
	if !d.Allowed {
		return d
	}
	refuse := func(rule Rule, shop string) Decision {
		return Decision{Rule: rule, Key: d.Key, Operation: d.Operation, Shop: shop, Write: d.Write}
	}
	if q.Grant != "" {
		if !c.grants[q.Grant] {
			return refuse(RuleGrant, "")
		}
		return d
	}
	if _, ok := c.shops.find(q.Shop); !ok || q.Shop == (Shop{}) {
		return refuse(RuleShop, q.Shop.ID)
	}
	if c.key.WholeAccounts {
		return d
	}
	for _, shop := range q.Account {
		if _, ok := c.shops.find(shop); !ok {
			return refuse(RuleAccount, shop.ID)
		}
	}
	return d
}

// DecideOperation says whether the client may call an operation for any shop at
// all.
func (c *Client) DecideOperation(name string) Decision {
	i, ok := c.operations.index[name]
	if !ok {
		return Decision{Rule: RuleCatalogue, Key: c.key.Name, Operation: name}
	}
	d := Decision{Key: c.key.Name, Operation: name, Write: c.operations.writes[i]}
	switch v := c.verdicts[i]; {
	case v == nothingAllows:
		d.Rule = RuleDefault
	case v == onlyReads:
		d.Rule = RuleReadOnly
	case v < 0:
		d.Rule, d.Pattern = RuleDeny, c.key.Deny[-v-1]
	default:
		d.Rule, d.Pattern, d.Allowed = RuleAllow, c.key.Allow[v-1], true
	}
	return d
}

// MayUse reports whether the client may act for a shop.
func (c *Client) MayUse(shop Shop) bool {
	_, ok := c.shops.find(shop)
	return ok && shop != Shop{}
}
