package link

import "strings"

// Raw returns the address of the bytes of a file, given that of the page about
// it at GitHub or at its Gist. Other addresses it returns as they are: those of
// GitLab and others too, whose hosts let no page elsewhere read their files.
//
// A gist's page names a file in its fragment alone, where all but letters and
// digits is a hyphen. The last one is taken for the dot that names have.
//
// https://docs.github.com/en/repositories/working-with-files/using-files/viewing-and-understanding-files
func Raw(address string) string {
	rest, ok := strings.CutPrefix(address, "https://")
	if !ok {
		return address
	}
	rest, fragment, _ := strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	host, path, _ := strings.Cut(rest, "/")
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	raw := ""
	switch host {
	case "github.com", "www.github.com":
		raw = rawBlob(parts)
	case "gist.github.com":
		raw = rawGist(parts, fragment)
	}
	if raw == "" {
		return address
	}
	return raw
}

// rawBlob is of OWNER/REPO/blob/REF/PATH. A REF may be several parts.
func rawBlob(parts []string) string {
	if len(parts) < 5 || parts[2] != "blob" && parts[2] != "raw" {
		return ""
	}
	return "https://raw.githubusercontent.com/" + parts[0] + "/" + parts[1] + "/" + strings.Join(parts[3:], "/")
}

// rawGist is of USER/ID, USER/ID/REVISION or USER/ID/raw and what follows.
func rawGist(parts []string, fragment string) string {
	if len(parts) < 2 || !hexadecimal(parts[1]) {
		return ""
	}
	raw := "https://gist.githubusercontent.com/" + parts[0] + "/" + parts[1] + "/raw"
	switch {
	case len(parts) > 2 && parts[2] == "raw":
		return strings.Join(append([]string{raw}, parts[3:]...), "/")
	case len(parts) == 3 && hexadecimal(parts[2]):
		raw += "/" + parts[2]
	case len(parts) > 2:
		return ""
	}
	name, ok := strings.CutPrefix(fragment, "file-")
	if !ok {
		return raw
	}
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		name = name[:i] + "." + name[i+1:]
	}
	return raw + "/" + name
}

func hexadecimal(s string) bool {
	for i := range len(s) {
		if digit(s[i]) > 15 {
			return false
		}
	}
	return s != ""
}
