package connect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// tellInterval is the time between looks for what is to be told.
const tellInterval = 15 * time.Second

// Run tells applications what becomes of their grants until the context ends. What
// is to be told follows from what the stores have, so nothing is forgotten when a
// process ends; each event is delivered at least once.
func (h *Handler) Run(ctx context.Context) error {
	for {
		if err := h.Round(ctx); err != nil && ctx.Err() == nil {
			h.logger.Error("applications could not be told of their grants", "error", err.Error())
		}
		timer := time.NewTimer(tellInterval)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-h.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// Round tells what there is to tell now. Events that applications do not take are
// not errors: they are delivered later.
func (h *Handler) Round(ctx context.Context) error {
	known, _, err := readConnections(ctx, h.store)
	if err != nil {
		return err
	}
	if len(known.Grants) == 0 {
		return nil
	}
	grants, err := h.fleet.Grants(ctx)
	if err != nil {
		return fmt.Errorf("connect: read the grants: %w", err) // one that cannot be read is not one that is gone
	}
	there := map[string]tokenstore.Grant{}
	for _, g := range grants {
		there[g.OpenID] = g
	}
	for _, openID := range slices.Sorted(maps.Keys(known.Grants)) {
		g, exists := there[openID]
		if err := h.tellOf(ctx, openID, known.Grants[openID], g, exists); err != nil {
			return err
		}
	}
	return nil
}

// news is an event with the way to note that it was told.
type news struct {
	Event
	note func(*told)
}

// tellOf tells all applications of one grant.
func (h *Handler) tellOf(ctx context.Context, openID string, c *connection, g tokenstore.Grant, exists bool) error {
	finished := true
	for _, name := range slices.Sorted(maps.Keys(c.Applications)) {
		a := h.applications[name]
		for _, n := range h.newsOf(openID, name, c, c.Applications[name], g, exists) {
			if a != nil && a.EventsURL != "" && !h.tell(ctx, a, n) {
				finished = false
				continue
			}
			err := changeConnections(ctx, h.store, func(all *connections) bool {
				if one := all.Grants[openID]; one != nil && one.Applications[name] != nil {
					n.note(one.Applications[name])
					return true
				}
				return false
			})
			if err != nil {
				return err
			}
		}
	}
	return h.remember(ctx, openID, c, g, exists, finished)
}

// remember keeps the shops of a grant, which an event about its end names, and
// forgets a grant that is gone when all were told.
func (h *Handler) remember(ctx context.Context, openID string, c *connection, g tokenstore.Grant, exists, finished bool) error {
	switch shops := shopsOf(g); {
	case !exists && finished:
		return changeConnections(ctx, h.store, func(all *connections) bool {
			_, known := all.Grants[openID]
			delete(all.Grants, openID)
			return known
		})
	case exists && len(shops) > 0 && !slices.Equal(shops, c.Shops):
		return changeConnections(ctx, h.store, func(all *connections) bool {
			one := all.Grants[openID]
			if one != nil {
				one.Shops = shops
			}
			return one != nil
		})
	}
	return nil
}

// newsOf returns what an application was not told yet.
func (h *Handler) newsOf(openID, name string, c *connection, t *told, g tokenstore.Grant, exists bool) []news {
	about := grant{OpenID: openID, UserType: userType(tokenstore.Grant{Token: ttshop.Token{UserType: ttshop.UserType(c.UserType)}}), Name: g.Token.SellerName, Region: g.Token.SellerBaseRegion}
	var list []news
	add := func(kind EventType, mark string, e Event, note func(*told)) {
		e.ID, e.Type, e.Application, e.Grant = eventID(name, openID, kind, mark), kind, name, about
		if e.Shops == nil {
			e.Shops = c.Shops
		}
		list = append(list, news{e, note})
	}
	if !exists {
		if t.Withdrawn[wholeGrant] <= t.Connected {
			mark := at(h.now())
			add(EventWithdrawn, "removed "+strconv.FormatInt(int64(t.Connected), 10), Event{Time: h.now().UTC(), Reason: "the grant was removed from the gateway"}, func(t *told) { t.withdrawn(wholeGrant, mark) })
		}
		return list
	}
	authorized := at(g.AuthorizedAt)
	if t.Connected < authorized && (g.Token.UserType != ttshop.UserSeller || !g.ShopsAt.IsZero()) {
		add(EventConnected, strconv.FormatInt(int64(authorized), 10), Event{Time: g.AuthorizedAt.UTC(), Shops: shopsOf(g), Until: end(g)}, func(t *told) { t.Connected = authorized })
	}
	withdrawn := false
	for _, id := range slices.Sorted(maps.Keys(c.Withdrawn)) {
		when := c.Withdrawn[id]
		withdrawn = withdrawn || id == wholeGrant
		if t.Withdrawn[id] >= when {
			continue
		}
		e := Event{Time: time.UnixMicro(int64(when)).UTC(), Reason: "the user ended the authorization"}
		if id != wholeGrant {
			e.Shops = []shop{{ID: id}}
			for _, s := range c.Shops {
				if s.ID == id {
					e.Shops[0] = s
				}
			}
		}
		add(EventWithdrawn, id+" "+strconv.FormatInt(int64(when), 10), e, func(t *told) { t.withdrawn(id, when) })
	}
	if lost := at(g.LostAt); g.Lost() && t.Lost < lost {
		add(EventLost, strconv.FormatInt(int64(lost), 10), Event{Time: g.LostAt.UTC(), Shops: shopsOf(g), Until: end(g), Reason: g.LostReason}, func(t *told) { t.Lost = lost })
	}
	if days := oauth.EndingMark(g.Token, h.now()); days != 0 && !g.Lost() && !withdrawn {
		mark := strconv.FormatInt(g.Token.RefreshTokenExpiresAt.Unix(), 10) + " " + strconv.Itoa(days)
		if t.Ending != mark {
			add(EventEnding, mark, Event{Time: h.now().UTC(), Shops: shopsOf(g), Until: end(g), Days: days, Reason: fmt.Sprintf("the authorization ends within %d days", days)}, func(t *told) { t.Ending = mark })
		}
	}
	return list
}

// wholeGrant stands for all of a grant among the shops that were withdrawn.
const wholeGrant = ""

func (t *told) withdrawn(id string, when unixTime) {
	if t.Withdrawn == nil {
		t.Withdrawn = map[string]unixTime{}
	}
	t.Withdrawn[id] = when
}

func end(g tokenstore.Grant) *time.Time {
	if g.Token.RefreshTokenExpiresAt.IsZero() {
		return nil
	}
	return new(g.Token.RefreshTokenExpiresAt.UTC())
}

// tell delivers an event and reports whether the application took it. Gateways over
// one store take turns.
func (h *Handler) tell(ctx context.Context, a *Application, n news) bool {
	now := h.now()
	if !h.pauses.over(n.ID, now) {
		return false
	}
	mine, err := h.nonces.Once(ctx, "gateway event "+n.ID, now, now.Add(eventTimeout))
	if err != nil || !mine {
		if err != nil && !errors.Is(err, context.Canceled) {
			h.logger.Error("an event has to wait", "application", a.Name, "error", err.Error())
		}
		return false
	}
	if err := h.deliver(ctx, a, n.Event); err != nil {
		pause := h.pauses.failed(n.ID, now)
		h.logger.Warn("an application did not take an event", "application", a.Name, "event", n.ID, "type", string(n.Type), "again_in", pause.String(), "error", hideURL(err))
		return false
	}
	h.pauses.forget(n.ID)
	h.logger.Info("an application took an event", "application", a.Name, "event", n.ID, "type", string(n.Type))
	return true
}

// hideURL is the text of an error without the address, whose query may have
// a secret of the application.
func hideURL(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, `": `); i >= 0 {
		return text[i+3:]
	}
	return text
}

const (
	firstPause = 15 * time.Second
	mostPause  = 30 * time.Minute
)

// pauses are those of events that were not taken.
type pauses struct {
	mu   sync.Mutex
	byID map[string]pause
}

type pause struct {
	until time.Time
	last  time.Duration
}

// over reports whether an event may be delivered.
func (p *pauses) over(id string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !now.Before(p.byID[id].until)
}

// failed begins a pause, longer than the last.
func (p *pauses) failed(id string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byID == nil {
		p.byID = map[string]pause{}
	}
	next := min(mostPause, max(firstPause, 2*p.byID[id].last))
	p.byID[id] = pause{now.Add(next), next}
	return next
}

func (p *pauses) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.byID, id)
}
