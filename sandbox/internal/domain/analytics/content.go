package analytics

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// The accounts whose content figures can be confined to. A shop has one account
// of its own, which is its official one, and no marketing accounts.
const (
	accountsAll       = ""
	accountsOwn       = "own"
	accountsMarketing = "marketing"
	accountsCreators  = "creators"
)

// scene is the content that figures are confined to: all where it is empty.
type scene struct {
	kind     string // as in contentNames
	id       string
	accounts string
}

func (s scene) only() bool { return s.kind != "" }

func (s scene) takes(c *affiliate.Content) bool {
	switch {
	case s.kind != "" && s.kind != contentNames[c.Kind], s.id != "" && s.id != c.ID, s.accounts == accountsMarketing:
		return false
	case s.accounts == accountsOwn:
		return c.By == nil
	}
	return s.accounts == accountsAll || c.By != nil
}

// readScene reads whose content a call asks for.
func readScene(c *gate.Call, kind affiliate.ContentKind) scene {
	asked, _ := wire.Lookup(c.Query, "account_type")
	accounts := map[string]string{
		"LINKED_ACCOUNTS": accountsOwn, "OFFICIAL_ACCOUNTS": accountsOwn, "MARKETING_ACCOUNTS": accountsMarketing,
		"AFFILIATES": accountsCreators, "AFFILIATE_ACCOUNTS": accountsCreators,
	}[asked]
	return scene{kind: contentNames[kind], accounts: accounts}
}

// contents lists the videos that were there at the end of a period and those that
// sold something in it, or the LIVEs that did: of others nobody knows. The caller
// holds the shop's lock.
func (r *report) contents(of scene, p period) (list []affiliate.Content) {
	add := func(c affiliate.Content) {
		if of.takes(&c) && !slices.ContainsFunc(list, func(known affiliate.Content) bool { return known.ID == c.ID }) {
			list = append(list, c)
		}
	}
	if of.kind == contentNames[affiliate.Video] {
		for _, item := range product.Of(r.Shop).List {
			if !item.Passed {
				continue
			}
			for _, video := range r.leads().Videos(item.ID, p.to.in(r.zone).Unix()) {
				add(video)
			}
		}
	}
	if of.id != "" && len(list) > 0 {
		return list
	}
	sold(r.Shop, p.from.in(r.zone).Unix(), p.to.in(r.zone).Unix(), func(o *trade.Order) {
		led := r.leads().Of(o)
		for i := range o.LineItems {
			add(led(&o.LineItems[i]))
		}
	})
	return list
}

// content finds a video or a LIVE by its id.
func (r *report) content(kind affiliate.ContentKind, id string) (*affiliate.Content, *gate.Failure) {
	list := r.contents(scene{kind: contentNames[kind], id: id}, period{r.available.from, r.today + 1})
	if len(list) == 0 {
		return nil, gate.Fail(codeAnalyticsUnknown, "the shop has no ", contentNames[kind], " ", strconv.Quote(id))
	}
	return &list[0], nil
}

// onContent answers a call about the content that its path names.
func onContent(c *gate.Call, kind affiliate.ContentKind, answer func(r *report, of *affiliate.Content) *gate.Failure) *gate.Failure {
	r, f := periodReport(c, "")
	if f != nil {
		return f
	}
	r.Mu.RLock()
	defer r.Mu.RUnlock()
	of, f := r.content(kind, c.Param(0))
	if f != nil {
		return f
	}
	return answer(r, of)
}

// through are the goods that were sold by one video or LIVE.
func through(c *affiliate.Content) goods {
	return goods{through: scene{kind: contentNames[c.Kind], id: c.ID}}
}
