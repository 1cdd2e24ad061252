package affiliatepartner

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// input is what creation and edit take; an edit leaves out what stays.
type input struct {
	Name        *string  `json:"name"`
	Description *string  `json:"description"`
	Rate        *int64   `json:"commission_rate"`
	Contact     *contact `json:"contact_info"`
	SellerTypes []string `json:"target_seller_types"`
	ShopCodes   []string `json:"target_shop_codes"`
	Start       *int64   `json:"campaign_start_time"`
	End         *int64   `json:"campaign_end_time"`
	EnterFrom   *int64   `json:"registration_start_time"`
	EnterTo     *int64   `json:"registration_end_time"`
}

func take[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// apply writes what was sent into a campaign.
func (in *input) apply(c *campaign) {
	take(&c.Name, in.Name)
	take(&c.Description, in.Description)
	take(&c.Rate, in.Rate)
	take(&c.Contact, in.Contact)
	take(&c.Start, in.Start)
	take(&c.End, in.End)
	take(&c.EnterFrom, in.EnterFrom)
	take(&c.EnterTo, in.EnterTo)
	if len(in.SellerTypes)+len(in.ShopCodes) > 0 {
		c.SellerTypes, c.ShopCodes = append([]string{}, in.SellerTypes...), append([]string{}, in.ShopCodes...)
	}
}

// wrong says what a campaign may not be. A new one has to start later.
func (c *campaign) wrong(w *world.World, now int64, isNew bool) *gate.Failure {
	switch {
	case c.Start >= c.End:
		return gate.Fail(codePeriod, "'campaign_end_time' must be after 'campaign_start_time'")
	case c.End-c.Start >= maxPeriod:
		return gate.Fail(codePeriod, "a campaign lasts less than 360 days")
	case isNew && c.Start <= now || c.End <= now:
		return gate.Fail(codePeriod, "a campaign starts and ends in the future")
	case c.EnterFrom >= c.EnterTo:
		return gate.Fail(codeRegistration, "'registration_end_time' must be after 'registration_start_time'")
	case c.EnterTo > c.End || isNew && c.EnterTo <= now:
		return gate.Fail(codeRegistration, "the registration ends in the future, and not after the campaign")
	case (len(c.SellerTypes) == 0) == (len(c.ShopCodes) == 0):
		return gate.Fail(codeSellers, "a campaign is for 'target_seller_types' or for 'target_shop_codes'")
	case strings.TrimSpace(c.Name) == "":
		return gate.Missing("name")
	case c.Contact.Email == "":
		return gate.Missing("contact_info.email")
	case c.Region == "GB" && c.Contact.Whatsapp == "":
		return gate.Missing("contact_info.whatsapp")
	case c.Region == "VN" && c.Contact.Zalo == "":
		return gate.Missing("contact_info.zalo")
	}
	for _, code := range c.ShopCodes {
		if !slices.ContainsFunc(w.Shops, func(s *world.Shop) bool { return s.Code == code && s.Region == c.Region }) {
			return gate.Fail(codeSellers, "'target_shop_codes' has ", code, ", which is not a shop of ", c.Region)
		}
	}
	return nil
}

// createCampaign prepares a campaign, which sellers do not see yet.
func createCampaign(c *gate.Call) *gate.Failure {
	var in input
	if f := c.Decode(&in); f != nil {
		return f
	}
	made := &campaign{
		Owner: c.Grant.AssetCipher, Region: c.Grant.Region, SellerTypes: []string{}, ShopCodes: []string{}, Products: []*entered{},
	}
	in.apply(made)
	if f := made.wrong(c.State.World, c.Now.Unix(), true); f != nil {
		return f
	}
	all := campaignsOf(c.State.World)
	all.mu.Lock()
	defer all.mu.Unlock()
	made.ID = all.kept.IDs.New()
	all.kept.List = append(all.kept.List, made)
	c.JSON(struct {
		ID string `json:"campaign_id"`
	}{made.ID})
	return nil
}

// editCampaign changes a campaign that is not over. Once it runs, what has begun
// cannot begin at another time.
func editCampaign(c *gate.Call) *gate.Failure {
	var in input
	if f := c.Decode(&in); f != nil {
		return f
	}
	return onCampaign(c, func(of *campaign) *gate.Failure {
		now := c.Now.Unix()
		switch status := of.status(now); {
		case status == statusClosed:
			return gate.Fail(codeState, "campaign ", of.ID, " is closed")
		case status == statusOngoing && (in.Start != nil && *in.Start != of.Start || in.EnterFrom != nil && *in.EnterFrom != of.EnterFrom):
			return gate.Fail(codeState, "campaign ", of.ID, " runs: its start and that of the registration are fixed")
		}
		edited := *of
		in.apply(&edited)
		if f := edited.wrong(c.State.World, now, edited.Start != of.Start); f != nil {
			return f
		}
		*of = edited
		return nil
	})
}

func publishCampaign(c *gate.Call) *gate.Failure {
	return onCampaign(c, func(of *campaign) *gate.Failure {
		if status := of.status(c.Now.Unix()); status != statusReady {
			return gate.Fail(codeState, "campaign ", of.ID, " is ", status)
		}
		of.Published = c.Now.Unix()
		return nil
	})
}
