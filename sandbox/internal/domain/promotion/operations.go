package promotion

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// The limits of promotions.
const (
	maxActivityTitle = 50
	maxActivityBatch = 300
	maxActivityItems = 10000
)

// activityInput is what creation and update take.
type activityInput struct {
	Type          string          `json:"activity_type"`
	Title         string          `json:"title"`
	Level         string          `json:"product_level"`
	Begin         *int64          `json:"begin_time"`
	End           int64           `json:"end_time"`
	DurationType  string          `json:"duration_type"`
	Discount      json.RawMessage `json:"discount"`
	Participation json.RawMessage `json:"participation_limit"`
	Target        json.RawMessage `json:"target_user_info"`
}

// check holds the input against the other promotions of the shop; old is the
// promotion that it changes, nil for a new one.
func (in *activityInput) check(c *gate.Call, old *activity) *gate.Failure {
	title, now := strings.TrimSpace(in.Title), c.Now.Unix()
	ends := in.DurationType != durationIndefinite
	over := old == nil && ends && in.End <= now // the platform takes a new promotion that is wholly in the past
	switch {
	case title == "":
		return gate.Fail(codeActivityTitleMissing, "'title' is empty")
	case utf8.RuneCountInString(in.Title) > maxActivityTitle:
		return gate.Fail(codeActivityTitleLength, "'title' has more than 50 characters")
	case slices.ContainsFunc(Of(c.Shop).Activities, func(a *activity) bool { return a != old && a.Title == in.Title }):
		return gate.Fail(codeActivityTitleUsed, "another promotion has this title")
	case !over && in.Begin != nil && *in.Begin < now && (old == nil || *in.Begin != old.Begin):
		return gate.Fail(codeActivityPast, "'begin_time' has passed")
	case ends && (in.End <= invent.Deref(in.Begin) || !over && in.End <= now):
		// How short a period may be is not documented: it has to last.
		return gate.Fail(codeActivityShort, "'end_time' must be after the start and after now")
	case in.Type == activityShipping && in.Level == levelVariation:
		return gate.Fail(codeActivityField, "a shipping discount has no level of variations")
	}
	var terms struct {
		BMSM struct {
			Details []json.RawMessage `json:"details"`
		} `json:"bmsm_discount"`
	}
	if len(in.Discount) > 0 {
		if err := json.Unmarshal(in.Discount, &terms); err != nil {
			return gate.Fail(codeActivityField, "'discount' is not understood")
		}
	}
	if len(terms.BMSM.Details) > 2 {
		return gate.Fail(codeActivityField, "'discount.bmsm_discount.details' takes at most 2 tiers")
	}
	return nil
}

// editActivities runs a change of the promotions of the shop and announces what
// came of it.
func editActivities(c *gate.Call, change func() *gate.Failure) *gate.Failure {
	if f := change(); f != nil {
		return f
	}
	for _, a := range Of(c.Shop).Activities {
		announceActivity(c.Shop, a, c.Now.Unix())
	}
	return nil
}

// findActivity returns the promotion that the path names.
func findActivity(c *gate.Call) (*activity, *gate.Failure) {
	id := c.Param(0)
	for _, a := range Of(c.Shop).Activities {
		if a.ID == id {
			return a, nil
		}
	}
	if owner := c.State.World.Owners.Of(id); owner != nil && owner != c.Shop {
		return nil, gate.Fail(codeActivityForeign, "promotion ", id, " belongs to another shop")
	}
	return nil, gate.Fail(codeActivityUnknown, "no promotion has the id ", strconv.Quote(id))
}

// changeable returns the promotion that the path names unless it is over.
func changeable(c *gate.Call) (*activity, *gate.Failure) {
	a, f := findActivity(c)
	if f != nil {
		return nil, f
	}
	switch a.status(c.Now.Unix()) {
	case activityDeactivated:
		return nil, gate.Fail(codeActivityStopped, "promotion ", a.ID, " was stopped")
	case activityExpired:
		return nil, gate.Fail(codeActivityEnded, "promotion ", a.ID, " has ended")
	}
	return a, nil
}

// activityOutcome answers changes; every operation has its own part of it.
type activityOutcome struct {
	ID         string `json:"activity_id"`
	Title      string `json:"title,omitempty"`
	Status     string `json:"status,omitempty"`
	CreateTime int64  `json:"create_time,omitempty"`
	UpdateTime int64  `json:"update_time"`
	TotalCount int    `json:"total_count,omitempty"`
}

func createActivity(c *gate.Call) *gate.Failure {
	var in activityInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	now := c.Now.Unix()
	return editActivities(c, func() *gate.Failure {
		if in.Begin == nil { // the gateway has seen one
			in.Begin = &now
		}
		if f := in.check(c, nil); f != nil {
			return f
		}
		// Answers list NORMAL and INDEFINITE only: a fixed time is a normal one.
		if in.DurationType == "" || in.DurationType == "FIXED_TIME" {
			in.DurationType = "NORMAL"
		}
		a := &activity{
			ID: Of(c.Shop).IDs.New(), Type: in.Type, Title: in.Title, Level: in.Level,
			Begin: *in.Begin, End: in.End, DurationType: in.DurationType,
			Discount: in.Discount, Participation: in.Participation, Target: in.Target,
			Created: now, Updated: now, Products: []activityProduct{},
		}
		Of(c.Shop).Activities = append(Of(c.Shop).Activities, a)
		c.State.World.Owners.Add(c.Shop, a.ID)
		c.JSON(activityOutcome{ID: a.ID, Status: a.status(now), CreateTime: now, UpdateTime: now})
		return nil
	})
}

func updateActivity(c *gate.Call) *gate.Failure {
	var in activityInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	now := c.Now.Unix()
	return editActivities(c, func() *gate.Failure {
		a, f := changeable(c)
		if f != nil {
			return f
		}
		running := a.status(now) == ActivityOngoing
		in.Type = a.Type
		if in.Level == "" {
			in.Level = a.Level
		}
		if in.DurationType == "" {
			in.DurationType = a.DurationType
		}
		if in.Begin == nil {
			in.Begin = &a.Begin
		}
		switch {
		case running && *in.Begin != a.Begin:
			return gate.Fail(codeActivityStartFixed, "promotion ", a.ID, " has started")
		case in.Level != a.Level && (in.Level == levelShop || a.Level == levelShop || len(a.Products) > 0):
			return gate.Fail(codeActivityLevel, "the level of promotion ", a.ID, " is fixed")
		case running && len(in.Participation) > 0 && !sameJSON(in.Participation, a.Participation):
			return gate.Fail(codeActivityLimitsFixed, "the limits of promotion ", a.ID, " are fixed")
		}
		if f := in.check(c, a); f != nil {
			return f
		}
		a.Title, a.Level, a.Begin, a.End, a.DurationType = in.Title, in.Level, *in.Begin, in.End, in.DurationType
		for _, field := range []struct{ kept, sent *json.RawMessage }{
			{&a.Discount, &in.Discount}, {&a.Participation, &in.Participation}, {&a.Target, &in.Target},
		} {
			if len(*field.sent) > 0 {
				*field.kept = *field.sent
			}
		}
		a.Updated = now
		c.JSON(activityOutcome{ID: a.ID, Title: a.Title, UpdateTime: now})
		return nil
	})
}

// sameJSON compares two JSON texts, white space aside.
func sameJSON(a, b json.RawMessage) bool {
	return len(a) > 0 && len(b) > 0 && string(gate.AppendJSON(nil, a)) == string(gate.AppendJSON(nil, b))
}

// deactivateActivity stops a promotion that runs or will run. A draft can not
// be stopped; no code is documented for that.
func deactivateActivity(c *gate.Call) *gate.Failure {
	return editActivities(c, func() *gate.Failure {
		a, f := changeable(c)
		if f != nil {
			return f
		}
		if a.status(c.Now.Unix()) == activityDraft {
			return gate.Fail(codeActivityField, "promotion ", a.ID, " is a draft")
		}
		a.Stopped, a.Updated = true, c.Now.Unix()
		c.JSON(activityOutcome{ID: a.ID, Title: a.Title, Status: activityDeactivated, UpdateTime: a.Updated})
		return nil
	})
}

// activityView is a promotion in answers.
type activityView struct {
	ID            string          `json:"id,omitempty"`          // in lists
	ActivityID    string          `json:"activity_id,omitempty"` // by itself
	Title         string          `json:"title"`
	Type          string          `json:"activity_type"`
	Level         string          `json:"product_level"`
	Status        string          `json:"status"`
	Begin         int64           `json:"begin_time"`
	End           int64           `json:"end_time"`
	DurationType  string          `json:"duration_type"`
	CreateTime    int64           `json:"create_time"`
	UpdateTime    int64           `json:"update_time"`
	Discount      json.RawMessage `json:"discount,omitempty"`
	Participation json.RawMessage `json:"participation_limit,omitempty"`
	Target        json.RawMessage `json:"target_user_info,omitempty"`
	Products      []productInside `json:"products,omitempty"`
}

type productInside struct {
	itemInside
	SKUs []itemInside `json:"skus,omitempty"`
}

type itemInside struct {
	ID              string      `json:"id"`
	Price           *PriceMoney `json:"activity_price,omitempty"`
	Discount        string      `json:"discount,omitempty"`
	QuantityLimit   int64       `json:"quantity_limit"`
	QuantityPerUser int64       `json:"quantity_per_user"`
}

// PriceMoney is an amount with its currency.
type PriceMoney struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

func (a *activity) view(now int64) activityView {
	return activityView{
		Title: a.Title, Type: a.Type, Level: a.Level, Status: a.status(now), Begin: a.Begin, End: a.End,
		DurationType: a.DurationType, CreateTime: a.Created, UpdateTime: a.Updated, Discount: a.Discount, Participation: a.Participation,
	}
}

func (i *activityItem) view(r *market.Region) itemInside {
	v := itemInside{ID: i.ID, Discount: i.Discount, QuantityLimit: i.QuantityLimit, QuantityPerUser: i.QuantityPerUser}
	if i.Price != "" {
		v.Price = &PriceMoney{i.Price, r.Currency}
	}
	return v
}

// getActivity shows a promotion. The products of one that ended more than 180
// days ago are gone.
func getActivity(c *gate.Call) *gate.Failure {
	a, f := findActivity(c)
	if f != nil {
		return f
	}
	const kept = 180 * 24 * 60 * 60
	view := a.view(c.Now.Unix())
	view.ActivityID, view.Target = a.ID, a.Target
	if c.Now.Unix() < a.End+kept || a.DurationType == "INDEFINITE" {
		for i := range a.Products {
			p := &a.Products[i]
			shown := productInside{itemInside: p.view(c.Shop.Market)}
			for j := range p.SKUs {
				shown.SKUs = append(shown.SKUs, p.SKUs[j].view(c.Shop.Market))
			}
			view.Products = append(view.Products, shown)
		}
	}
	c.JSON(view)
	return nil
}

func searchActivities(c *gate.Call) *gate.Failure {
	var in struct {
		Title  string `json:"activity_title"`
		Type   string `json:"activity_type"`
		Status string `json:"status"`
		Size   *int   `json:"page_size"`
		Token  string `json:"page_token"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	size := 10 // no document says what stands for a missing size
	if in.Size != nil {
		size = *in.Size
	}
	if size < 1 || size > 100 {
		return gate.Fail(codeActivityField, "'page_size' must be from 1 to 100")
	}
	scope := "activities " + c.Shop.ID
	after, f := gate.PageRequest{Size: size, Token: in.Token}.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	now := c.Now.Unix()
	page, next, total := gate.Paginate(c, Of(c.Shop).Activities, true, after, size,
		func(a *activity) gate.Cursor { return gate.Cursor{At: 0, ID: invent.Number(a.ID)} },
		func(a *activity) bool {
			return (in.Title == "" || strings.Contains(a.Title, in.Title)) && (in.Type == "" || a.Type == in.Type) &&
				(in.Status == "" || a.status(now) == in.Status)
		})
	answer := struct {
		Activities    []activityView `json:"activities"`
		NextPageToken string         `json:"next_page_token"`
		TotalCount    int            `json:"total_count"`
	}{Activities: []activityView{}, TotalCount: total}
	for _, a := range page {
		view := a.view(now)
		view.ID = a.ID
		answer.Activities = append(answer.Activities, view)
	}
	if next != nil {
		answer.NextPageToken = next.Encode(c.State.World.Seed, scope)
	}
	c.JSON(answer)
	return nil
}
