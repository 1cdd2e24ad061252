package affiliate

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// targetClash is a creator who is invited to promote a product in a target
// collaboration that runs.
type targetClash struct {
	OpenID        string `json:"creator_open_id"`
	Collaboration string `json:"existing_collaboration_id"`
	Product       string `json:"product_id,omitempty"`
}

// checkTargetConflicts tells which creators could not be invited to promote which
// products.
func checkTargetConflicts(c *gate.Call) *gate.Failure {
	var in struct {
		Creators []string `json:"creator_open_id_list"`
		Products []string `json:"product_id_list"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	return onAffiliate(c, "", func(a *affiliate) *gate.Failure {
		clashes := []targetClash{}
		for _, openID := range in.Creators {
			cr := findCreator(c.State.World, c.Shop.Region, openID, byOpenID)
			if cr == nil {
				continue // nobody has invited them
			}
			for _, product := range in.Products {
				if t := a.targetOf(cr.userID, product, nil, c.Now.Unix()); t != nil {
					clashes = append(clashes, targetClash{openID, t.ID, product})
				}
			}
		}
		c.JSON(struct {
			Clashes []targetClash `json:"conflict_items"`
			Any     bool          `json:"has_conflict"`
		}{clashes, len(clashes) > 0})
		return nil
	})
}

// resolveTargetConflicts takes creators out of the collaborations that stand in the
// way. One that is over, or that does not invite the creator, is named as failed.
func resolveTargetConflicts(c *gate.Call) *gate.Failure {
	var in struct {
		Clashes []targetClash `json:"conflict_items"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	return onAffiliate(c, "", func(a *affiliate) *gate.Failure {
		done, failed, now := []targetClash{}, []targetClash{}, c.Now.Unix()
		for _, clash := range in.Clashes {
			clash.Product = ""
			cr := findCreator(c.State.World, c.Shop.Region, clash.OpenID, byOpenID)
			if cr != nil && a.disinvite(cr, clash.Collaboration, now) {
				done = append(done, clash)
			} else {
				failed = append(failed, clash)
			}
		}
		c.JSON(struct {
			Failed []targetClash `json:"failed_items"`
			Done   []targetClash `json:"success_items"`
		}{failed, done})
		return nil
	})
}

// disinvite takes a creator out of a target collaboration that runs.
func (a *affiliate) disinvite(cr *creator, id string, now int64) bool {
	for _, t := range a.Targets {
		if t.ID != id || !t.runs(now) {
			continue
		}
		for i := range t.Creators {
			if in := &t.Creators[i]; in.Creator == cr.userID && in.Left == 0 {
				in.Left = now
				return true
			}
		}
	}
	return false
}
