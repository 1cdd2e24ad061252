package sandbox

import "slices"

// certificationFileView is a file of a certificate with its links.
type certificationFileView struct {
	certificationFile
	URLs []string `json:"urls"`
}

// certificationFiles shows the files of a certificate.
func certificationFiles(c *call, list []certificationFile) []certificationFileView {
	views := []certificationFileView{}
	for _, f := range list {
		view := certificationFileView{f, []string{}}
		if info := filesOf(c.state.world).get(f.ID); info != nil {
			view.URLs = append(view.URLs, fileURL(c, info))
		}
		views = append(views, view)
	}
	return views
}

// checkCertifications refuses certificates whose images and files were not
// uploaded, and repeated ones.
func checkCertifications(c *call, list []certification) *failure {
	for i, cert := range list {
		if slices.ContainsFunc(list[:i], func(other certification) bool { return other.ID == cert.ID }) {
			return fail(codeCertificationTwice, "certification ", cert.ID, " occurs twice")
		}
		for _, ref := range cert.Images {
			if imagesOf(c.state.world).get(ref.URI) == nil {
				return fail(codeCertificationImage, "certification image ", ref.URI, " was not uploaded here")
			}
		}
		for _, f := range cert.Files {
			if info := ownFile(c, f.ID); info == nil || info.isVideo() {
				return fail(codeCertificationFile, "certification file ", f.ID, " is no PDF that was uploaded here")
			}
		}
	}
	return nil
}

// checkSizeChart refuses charts and images that the seller does not have.
func checkSizeChart(c *call, in *sizeChart) *failure {
	if in == nil {
		return nil
	}
	if in.Image != nil && imagesOf(c.state.world).get(in.Image.URI) == nil {
		return fail(codeSizeChartImage, "size chart image ", in.Image.URI, " was not uploaded here")
	}
	if in.Template == nil {
		return nil
	}
	all := registersOf(c.state.world)
	all.mu.RLock()
	defer all.mu.RUnlock()
	if all.sellers[c.grant.openID].chart(in.Template.ID) == nil {
		return fail(codeSizeChartUnknown, "the seller has no size chart ", in.Template.ID)
	}
	return nil
}
