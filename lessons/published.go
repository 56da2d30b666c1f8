package lessons

import (
	"net/url"
	"regexp"
	"strings"
)

// publishedAt returns the address below which a site is published, with a slash at its end, or what is wrong with it and what to do.
func publishedAt(text string) (address, message, hint string) {
	const absolute = "write all of it, such as https://example.org/course/"
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Opaque != "" || u.Hostname() == "" || strings.ContainsFunc(u.Host, notInHost):
		return "", "url is not an absolute address", absolute
	case u.Scheme != "https" && u.Scheme != "http":
		return "", "url is neither http nor https", absolute
	case u.User != nil:
		return "", "url has a user in it", "leave out what stands before the @: everybody can read it"
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#"):
		return "", "url has a query or a fragment", "leave out what begins with ? or #: pages lie below it"
	}
	u.Host = strings.ToLower(u.Host)
	u = u.JoinPath("/") // which resolves dots, too
	return u.String(), "", ""
}

// notInHost reports whether a character cannot stand in a host as it is sent: names in other scripts are written in ASCII there (RFC 5891).
func notInHost(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`"<>\^{|}%`+"`", c) }

// languageTag is the form of a tag of RFC 5646 (BCP 47), without extensions and what is there for old tags' sake: language, script, region, variants.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$`)
