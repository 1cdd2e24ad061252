package explain

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
)

// pathMistakes are about the path and where it goes.
func pathMistakes() []hypothesis {
	return []hypothesis{
		{"path-missing", ofPath, 75, false, pathMissing},
		{"path-host", ofPath, 72, false, pathURL},
		{"path-host", ofPath, 70, true, pathHost},
		{"path-slash", ofPath, 72, false, pathSlash},
		{"path-slash", ofPath, 60, true, pathFirstSlash},
		{"path-com", ofPath, 60, false, pathCom},
		{"path-escapes", ofPath, 60, true, pathEscapes},
		{"path-place", ofLayout, 55, true, pathPlace},
		{"method-signed", ofLead, 55, true, methodSigned},
		{"method-signed", ofLead, 40, true, methodSignedRarely},
		{"path-query", ofPath, 40, true, pathQuery},
		{"path-part", ofPath, 35, true, pathPart},
		{"path-case", ofPath, 20, true, pathCase},
	}
}

func setPath(path string) func(*recipe) { return func(r *recipe) { r.path = path } }

func pathMissing(_ *facts, add addFunc) {
	add("you left the path out of the string", "put the path of the URL, such as /order/202309/orders, before the parameters", setPath(""))
}

// defaultHost is the host of the API, for requests that are given without one.
const defaultHost = "open-api.tiktokglobalshop.com"

const hostFix = "sign the path alone, without scheme and host"

// origin returns scheme and host of the URL, or those of the API.
func (f *facts) origin() (scheme, host string) {
	return cmp.Or(f.scheme, "https"), cmp.Or(f.host, defaultHost)
}

func pathURL(f *facts, add addFunc) {
	scheme, host := f.origin()
	add("you signed the whole URL with its host instead of the path", hostFix, setPath(scheme+"://"+host+f.path))
}

func pathHost(f *facts, add addFunc) {
	scheme, host := f.origin()
	add("you signed the host before the path", hostFix, setPath(host+f.path))
	add("you signed the host instead of the path", hostFix, setPath(host))
	if bare, _, ok := strings.Cut(host, ":"); ok {
		add("you signed the host without its port before the path", hostFix, setPath(bare+f.path))
		add("you signed the whole URL with its host, without the port, instead of the path", hostFix, setPath(scheme+"://"+bare+f.path))
	}
}

func pathSlash(f *facts, add addFunc) {
	if bare := strings.TrimRight(f.path, "/"); bare != f.path {
		add("you signed the path without its trailing slash, but sent it with one", "send the path without a trailing slash", setPath(bare))
		return
	}
	add("you signed the path with a trailing slash, but sent it without", "sign the path without a trailing slash", setPath(f.path+"/"))
}

func pathFirstSlash(f *facts, add addFunc) {
	add("you signed the path without its first slash", "begin the path with a slash", setPath(strings.TrimPrefix(f.path, "/")))
	add("you signed the path with two leading slashes", "begin the path with one slash", setPath("/"+f.path))
}

// pathCom cuts the URL at .com as the npm packages do.
func pathCom(f *facts, add addFunc) {
	_, host := f.origin()
	const fix = "take the path with a URL parser"
	_, rest, ok := strings.Cut(host+f.path, ".com")
	if !ok {
		add("you looked for the path after .com (as the npm packages tiktok-shop and tiktok-shop-client do), but the host has none, so no path was signed", fix, setPath(""))
		return
	}
	add("you cut the URL at .com and signed .com as part of the path (as signature() of the npm packages tiktok-shop and tiktok-shop-client does with a full URL)", fix, setPath(".com"+rest))
	add("you cut the URL at its first .com and signed everything after it as the path (as signByUrl() of the npm packages tiktok-shop and tiktok-shop-client does)", fix, setPath(rest))
}

func pathEscapes(f *facts, add addFunc) {
	if decoded, err := url.PathUnescape(f.path); err == nil {
		add("you signed the path decoded, but sent it URL-encoded", "sign the path as it appears in the URL", setPath(decoded))
	}
	add("you signed the path URL-encoded as a whole", "sign the path as it appears in the URL", setPath(url.QueryEscape(f.path)))
	segments := strings.Split(f.path, "/")
	for i, s := range segments {
		segments[i] = percent(s, "-_.~")
	}
	add("you signed the path URL-encoded, but sent it plain", "encode the path once, and sign what you send", setPath(strings.Join(segments, "/")))
}

func pathPlace(_ *facts, add addFunc) {
	add("you put the path after the parameters", "put the path first, after the secret", func(r *recipe) { r.layout = layoutPathLast })
}

// methods returns the method that was sent, or all of the platform's if it is
// unknown.
func (f *facts) methods() []string {
	if f.method != "" {
		return []string{f.method}
	}
	return []string{"GET", "POST", "PUT", "DELETE"}
}

func methodSigned(f *facts, add addFunc) {
	for _, method := range f.methods() {
		addMethod(f, add, method, method)
	}
}

func methodSignedRarely(f *facts, add addFunc) {
	for _, method := range f.methods() {
		for _, lead := range []string{strings.ToLower(method), method + " ", method + "\n", method + "&"} {
			addMethod(f, add, method, lead)
		}
	}
}

func addMethod(f *facts, add addFunc, method, lead string) {
	add(fmt.Sprintf("you signed the method %s before the path", f.show(method)), "leave the method out of the string", func(r *recipe) { r.lead = lead })
}

func pathQuery(f *facts, add addFunc) {
	const sentence, fix = "you signed the path followed by the query, and then the parameters again", "sign the path without the query"
	for _, query := range []string{f.query, f.queryWithout("sign"), f.queryWithout("sign", "access_token")} {
		add(sentence, fix, setPath(f.path+"?"+query))
	}
	add("you signed the path with a trailing ?", "sign the path without the question mark", setPath(f.path+"?"))
}

// pathPart is for paths that grow in transit: base paths of proxies, ids added
// after signing.
func pathPart(f *facts, add addFunc) {
	for i, c := range f.path {
		if c != '/' || i == 0 {
			continue
		}
		front, rest := f.path[:i], f.path[i:]
		add(fmt.Sprintf("you signed the path %s without the prefix %s, but sent it with that", f.show(rest), f.show(front)), "sign the path that the platform sees; a proxy must strip its own prefix", setPath(rest))
		add(fmt.Sprintf("you signed the path %s, but sent it with %s after it", f.show(front), f.show(rest)), "sign the complete path", setPath(front))
	}
	add("you signed the path with the prefix /api", "sign the path as it appears in the URL", setPath("/api"+f.path))
}

// pathVersion returns the date in a path, empty if there is none.
func pathVersion(path string) string {
	for segment := range strings.SplitSeq(path, "/") {
		if len(segment) == len("202309") && strings.HasPrefix(segment, "20") && isDigits(segment) {
			return segment
		}
	}
	return ""
}

func pathCase(f *facts, add addFunc) {
	add("you signed the path in lower case", "sign the path as it appears in the URL", setPath(strings.ToLower(f.path)))
}
