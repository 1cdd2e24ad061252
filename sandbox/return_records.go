package sandbox

// getReturnRecords tells what happened to a request, the oldest first. The
// names of the events are not documented; those here are the decisions and a
// few words of ours.
func getReturnRecords(c *call) *failure {
	type view struct {
		CreateTime  int64        `json:"create_time"`
		Description string       `json:"description"`
		Event       string       `json:"event"`
		Images      []sizedImage `json:"images"`
		Note        string       `json:"note"`
		ReasonText  string       `json:"reason_text"`
		Role        string       `json:"role"`
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	r, f := findReturn(c, c.param(0))
	if f != nil {
		return f
	}
	views := []view{}
	for _, what := range r.Records {
		v := view{what.Time, what.Text, what.Event, []sizedImage{}, what.Note, reasonText(what.Reason), what.Role}
		for _, uri := range what.Images {
			image := sizedImage{URL: imageURL(c, uri)}
			if info := imagesOf(c.state.world).get(uri); info != nil {
				image.Width, image.Height = info.width, info.height
			}
			v.Images = append(v.Images, image)
		}
		views = append(views, v)
	}
	c.json(struct {
		Records []view `json:"records"`
	}{views})
	return nil
}
