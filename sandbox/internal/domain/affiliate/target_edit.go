package affiliate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// The limits of target collaborations.
const (
	maxTargetCreators = 50
	maxTargetProducts = 100
)

// targetInput is what creation and update take. Newer dates name creators by
// open id, and both operations have words of their own for the rates.
type targetInput struct {
	OpenIDs  []string             `json:"creator_user_open_ids"`
	UserIDs  []string             `json:"creator_user_ids"`
	End      string               `json:"end_time"`
	Sample   *targetSample        `json:"free_sample_rule"`
	Message  string               `json:"message"`
	Name     string               `json:"name"`
	Products []targetProductInput `json:"products"`
	Contact  *targetContact       `json:"seller_contact_info"`

	field    string // of the creators
	creators []*creator
	products []targetProduct
}

// targetSample and targetContact are in requests and answers alike.
type (
	targetSample struct {
		Has    bool `json:"has_free_sample"`
		Exempt bool `json:"is_sample_approval_exempt"`
	}
	targetContact struct {
		Email string `json:"email"`
	}
)

type targetProductInput struct {
	ID         string `json:"id"`
	TargetRate int64  `json:"target_commission_rate"`
	ShopAds    int64  `json:"shop_ads_commission_rate"`
	Rate       int64  `json:"commission_rate"`
	TargetAds  int64  `json:"target_ad_commission_rate"`
}

// rate returns the rates: only one of the two words of each is ever there.
func (in *targetProductInput) rate(now int64) ratePeriod {
	return ratePeriod{now, in.TargetRate + in.Rate, in.ShopAds + in.TargetAds}
}

// read resolves what a request names; old is the collaboration that it changes,
// nil for a new one. What is already in it need not be available.
func (in *targetInput) read(c *gate.Call, old *targetCollaboration, of func(*creator) string) *gate.Failure {
	in.field = "creator_user_open_ids"
	given := in.OpenIDs
	if given == nil {
		in.field, given = "creator_user_ids", in.UserIDs
	}
	end, err := strconv.ParseInt(in.End, 10, 64)
	switch {
	case strings.TrimSpace(in.Name) == "":
		return gate.Missing("name")
	case in.End == "":
		return gate.Missing("end_time")
	case err != nil:
		return gate.WrongType("end_time", "string", "integer")
	case end <= c.Now.Unix():
		return gate.Fail(codeTargetField, "'end_time' must be in the future")
	case in.Sample == nil:
		return gate.Missing("free_sample_rule")
	case in.Contact == nil || in.Contact.Email == "":
		return gate.Missing("seller_contact_info.email")
	case len(given) == 0:
		return gate.Fail(codeTargetField, "'", in.field, "' is empty")
	case len(in.Products) == 0:
		return gate.Fail(codeTargetField, "'products' is empty")
	case len(given) > maxTargetCreators:
		return gate.Fail(gate.CodeInvalidParameter, "'", in.field, "' takes at most 50 values")
	case len(in.Products) > maxTargetProducts:
		return gate.Fail(gate.CodeInvalidParameter, "'products' takes at most 100 values")
	}
	for _, id := range given {
		cr := findCreator(c.State.World, c.Shop.Region, id, of)
		switch {
		case cr == nil:
			return gate.Fail(codeTargetItem, "'", in.field, "' has ", strconv.Quote(id), ", which is not a creator of ", c.Shop.Region)
		case slices.Contains(in.creators, cr):
			return gate.Fail(codeTargetField, "'", in.field, "' has ", id, " twice")
		}
		in.creators = append(in.creators, cr)
	}
	for i := range in.Products {
		if f := in.readProduct(c, old, &in.Products[i]); f != nil {
			return f
		}
	}
	return nil
}

func (in *targetInput) readProduct(c *gate.Call, old *targetCollaboration, p *targetProductInput) *gate.Failure {
	rate := p.rate(c.Now.Unix())
	switch {
	case slices.ContainsFunc(in.products, func(other targetProduct) bool { return other.ID == p.ID }):
		return gate.Fail(codeTargetField, "'products' has ", p.ID, " twice")
	case !rateAllowed(rate.Rate):
		return gate.Fail(codeTargetField, "the commission rate of product ", p.ID, " must be from 100 to 8000, which is 1% to 80%")
	case rate.Ads != 0 && !rateAllowed(rate.Ads):
		return gate.Fail(codeTargetField, "the commission rate for ads of product ", p.ID, " must be from 100 to 8000, which is 1% to 80%")
	}
	if old == nil || !old.promotes(p.ID) {
		if _, f := promotable(c, p.ID, collaborationCodes{codeTargetForeign, codeTargetItem, codeTargetItem}); f != nil {
			return f
		}
	}
	in.products = append(in.products, targetProduct{p.ID, []ratePeriod{rate}, stay{Since: rate.Since}})
	return nil
}

// fill gives a collaboration what is not about creators and products.
func (in *targetInput) fill(t *targetCollaboration) {
	t.Name, t.Email = in.Name, in.Contact.Email
	t.FreeSample, t.Exempt = in.Sample.Has, in.Sample.Exempt
	t.End, _ = strconv.ParseInt(in.End, 10, 64) // read has seen it
}

// targetConflict is a creator who is invited to promote a product elsewhere.
type targetConflict struct {
	OpenID  string `json:"creator_user_open_id"`
	UserID  string `json:"creator_user_id"`
	Product string `json:"product_id"`
}

func createTarget(c *gate.Call) *gate.Failure { return createTargetWith(c, byOpenID) }

func createTarget202405(c *gate.Call) *gate.Failure { return createTargetWith(c, byUserID) }

// createTargetWith refuses a request in which any creator is invited to promote any
// of the products already. Its answer has room for such pairs too, which stays
// empty.
func createTargetWith(c *gate.Call, of func(*creator) string) *gate.Failure {
	var in targetInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	return onAffiliate(c, "", func(a *affiliate) *gate.Failure {
		if f := in.read(c, nil, of); f != nil {
			return f
		}
		now := c.Now.Unix()
		for _, cr := range in.creators {
			for _, p := range in.products {
				if t := a.targetOf(cr.userID, p.ID, nil, now); t != nil {
					return gate.Fail(codeTargetTaken, "creator ", of(cr), " is invited to promote product ", p.ID, " in target collaboration ", t.ID)
				}
			}
		}
		t := &targetCollaboration{ID: a.IDs.New(), Type: targetStandard, Message: in.Message, Start: now}
		in.fill(t)
		t.set(in.creators, in.products, now)
		a.Targets = append(a.Targets, t)
		c.State.World.Owners.Add(c.Shop, t.ID)
		type made struct {
			ID string `json:"id"`
		}
		c.JSON(struct {
			Made      made             `json:"target_collaboration"`
			Conflicts []targetConflict `json:"target_collaboration_conflicts"`
		}{made{t.ID}, []targetConflict{}})
		return nil
	})
}

// targetFailures are the parts of an update that were left out.
type targetFailures struct {
	OpenIDs []string           `json:"add_creator_open_ids,omitempty"`
	UserIDs []string           `json:"add_creator_ids,omitempty"`
	Product *targetProductRate `json:"add_products,omitempty"` // the first one: there is room for one
}

type targetProductRate struct {
	Rate int64  `json:"commission_rate"`
	ID   string `json:"id"`
}

func updateTarget(c *gate.Call) *gate.Failure { return updateTargetWith(c, byOpenID) }

func updateTarget202409(c *gate.Call) *gate.Failure { return updateTargetWith(c, byUserID) }

// updateTargetWith replaces what a collaboration holds. Unlike the creation it has
// no code for creators who are invited to promote a product elsewhere: it leaves
// out the new creators and products that clash, and names them.
func updateTargetWith(c *gate.Call, of func(*creator) string) *gate.Failure {
	var in targetInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	return onAffiliate(c, c.Param(0), func(a *affiliate) *gate.Failure {
		t, f := runningTarget(c, a)
		if f != nil {
			return f
		}
		if t.Type != targetStandard {
			return gate.Fail(codeTargetField, "target collaboration ", t.ID, " is of type ", t.Type, " and cannot be edited")
		}
		t.complete(&in, of, creatorsOf(c.State.World)[c.Shop.Region])
		if f := in.read(c, t, of); f != nil {
			return f
		}
		conflicts, failed := in.leaveOut(a, t, c.Now.Unix())
		if len(in.creators) == 0 || len(in.products) == 0 {
			return gate.Fail(codeTargetItem, "every creator or product is in another target collaboration")
		}
		in.fill(t)
		t.set(in.creators, in.products, c.Now.Unix())
		c.JSONAs(struct {
			Conflicts []targetConflict `json:"target_collaboration_conflicts"`
			Failed    *targetFailures  `json:"update_failed,omitempty"`
		}{conflicts, failed})
		return nil
	})
}

// complete puts what is there in the place of what a request leaves out, which
// the older date allows.
func (t *targetCollaboration) complete(in *targetInput, of func(*creator) string, market []*creator) {
	if in.OpenIDs == nil && in.UserIDs == nil {
		for _, cr := range market {
			if t.invites(cr.userID) {
				in.UserIDs = append(in.UserIDs, of(cr))
			}
		}
	}
	if in.Products == nil {
		for _, p := range t.promoted() {
			in.Products = append(in.Products, targetProductInput{ID: p.ID, Rate: p.rate().Rate, TargetAds: p.rate().Ads})
		}
	}
	if in.Name == "" {
		in.Name = t.Name
	}
	if in.End == "" {
		in.End = strconv.FormatInt(t.End, 10)
	}
	if in.Sample == nil {
		in.Sample = &targetSample{t.FreeSample, t.Exempt}
	}
	if in.Contact == nil {
		in.Contact = &targetContact{t.Email}
	}
}

// leaveOut drops the new creators that clash with another collaboration, then
// the new products that do.
func (in *targetInput) leaveOut(a *affiliate, t *targetCollaboration, now int64) ([]targetConflict, *targetFailures) {
	conflicts, failed := []targetConflict{}, &targetFailures{}
	clash := func(cr *creator, product string) bool {
		found := a.targetOf(cr.userID, product, t, now) != nil
		if found {
			conflicts = append(conflicts, targetConflict{cr.OpenID, cr.userID, product})
		}
		return found
	}
	in.creators = slices.DeleteFunc(in.creators, func(cr *creator) bool {
		if t.invites(cr.userID) || !slices.ContainsFunc(in.products, func(p targetProduct) bool { return clash(cr, p.ID) }) {
			return false
		}
		failed.OpenIDs, failed.UserIDs = append(failed.OpenIDs, cr.OpenID), append(failed.UserIDs, cr.userID)
		return true
	})
	in.products = slices.DeleteFunc(in.products, func(p targetProduct) bool {
		if t.promotes(p.ID) || !slices.ContainsFunc(in.creators, func(cr *creator) bool { return clash(cr, p.ID) }) {
			return false
		}
		if failed.Product == nil {
			failed.Product = &targetProductRate{p.rate().Rate, p.ID}
		}
		return true
	})
	if len(conflicts) == 0 {
		return conflicts, nil
	}
	return conflicts, failed
}

// removeTarget deletes a target collaboration at once.
func removeTarget(c *gate.Call) *gate.Failure {
	return onAffiliate(c, c.Param(0), func(a *affiliate) *gate.Failure {
		t, f := targetInPath(c, a)
		if f != nil {
			return f
		}
		t.Removed = c.Now.Unix()
		return nil
	})
}

// linkTarget makes the link on which creators accept.
func linkTarget(c *gate.Call) *gate.Failure {
	return onAffiliate(c, c.Param(0), func(a *affiliate) *gate.Failure {
		t, f := runningTarget(c, a)
		if f != nil {
			return f
		}
		c.JSON(struct {
			Link string `json:"link"`
		}{affiliateLink(c, "target-collaboration", t.ID)})
		return nil
	})
}
