package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// getReturnRecords tells what happened to a request, the oldest first. The
// names of the events are not documented; those here are the decisions and a
// few words of ours.
func getReturnRecords(c *gate.Call) *gate.Failure {
	type view struct {
		CreateTime  int64        `json:"create_time"`
		Description string       `json:"description"`
		Event       string       `json:"event"`
		Images      []sizedImage `json:"images"`
		Note        string       `json:"note"`
		ReasonText  string       `json:"reason_text"`
		Role        string       `json:"role"`
	}
	r, f := findReturn(c, c.Param(0))
	if f != nil {
		return f
	}
	locale, _ := wire.Lookup(c.Query, "locale")
	views := []view{}
	for _, what := range r.Records {
		v := view{what.Time, what.Text, what.Event, []sizedImage{}, what.Note, trade.ReasonText(what.Reason, locale), what.Role}
		for _, uri := range what.Images {
			image := sizedImage{URL: media.ImageURL(c, uri)}
			if info := media.ImagesOf(c.State.World).Get(uri); info != nil {
				image.Width, image.Height = info.Width, info.Height
			}
			v.Images = append(v.Images, image)
		}
		views = append(views, v)
	}
	c.JSON(struct {
		Records []view `json:"records"`
	}{views})
	return nil
}
