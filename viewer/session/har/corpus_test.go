package har

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flowpane/viewer/blob"
	"flowpane/viewer/session"
	"flowpane/viewer/session/corpus"
)

// corpusFiles are all HARs of the corpus. An error that begins with "refused"
// is that of Sniff.
var corpusFiles = []struct {
	name          string
	flows, issues int
	err           string
}{
	{"public/alufers_mitmproxy2swagger__testdata_form_data_har.har", 1, 0, ""},
	{"public/alufers_mitmproxy2swagger__testdata_headers_and_params_har.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_1.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_2.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_3.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_4.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_5.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_6.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_7.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_8.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_9.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_data-url.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_from-cache.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_har-viewer-1.1.har", 55, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_invalid.harp", 48, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-21_get-empty-post-data.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-21_post-empty-post-data.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-23_chrome51.har", 3, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-23_ff47.har", 3, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-23_images.har", 2, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-49_chrome51.har", 4, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-49_ff47.har", 3, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-56_missing-content-type.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-61_chrome51.har", 27, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-61_firefox47.har", 23, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-61_ie11.fiddler.har", 11, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-61_ie11.har", 25, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-62_rss.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-62_svg.base64.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-78_css.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-78_html.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-78_json.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_issue-78_xml.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_jsonp.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_multiple-pages.har", 9, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_no-headers.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_noPageTimings.har", 2, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_noPages.har", 87, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_not-json.har", 0, 0, "har: byte 110: there is neither , nor }"},
	{"public/janodvarko_harviewer__selenium_tests_hars_not-valid.har", 0, 0, "har: its log has no entries"},
	{"public/janodvarko_harviewer__selenium_tests_hars_post-data-no-page.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_preview-expand.har", 5, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_searchHAR.har", 8, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_simple-page-load.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_simple.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_testCustomPageTiming.har", 4, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_testLoad1.harp", 10, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_testLoad2.harp", 5, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_testLoad3.har", 16, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_testNoPageLog.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_three-phases.har", 8, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_time-stamps.har", 2, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_two-megs.har", 160, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_url-params-and-empty-page.har", 2, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_url-params.har", 1, 0, ""},
	{"public/janodvarko_harviewer__selenium_tests_hars_www-cnn-com.har", 22, 0, ""},
	{"public/janodvarko_harviewer__webapp_examples_browser-blocking-time.har", 19, 0, ""},
	{"public/janodvarko_harviewer__webapp_examples_google.com.har", 5, 0, ""},
	{"public/janodvarko_harviewer__webapp_examples_inline-scripts-block.har", 8, 0, ""},
	{"public/janodvarko_harviewer__webapp_examples_inline-scripts-block.harp", 8, 0, ""},
	{"public/janodvarko_harviewer__webapp_examples_softwareishard.com.har", 40, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_browsertime_h2_filamentgroup.com.har", 44, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_browsertime_sitespeed.io.har", 27, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_capture-har_cnn.har", 2, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_capture-har_redirect-loop.har", 11, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_chrome_enorm-magazin.de.har", 65, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_chrome_github.com_home.har", 20, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_chrome_h2_h2o.examp1e.net.har", 16, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_chrome_h2_www.nghttp2.org.har", 11, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_firefox_h2_filamentgroup.com.har", 15, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_firefox_www.nghttp2.org.har", 10, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_github.com.151226_X7_b43d35e592fab70e0ba012fe11a41020.har", 16, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_github.com.MODIFIED.151226_X7_b43d35e592fab70e0ba012fe11a41020.har", 16, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_wpt_github.com.151226_X7_b43d35e592fab70e0ba012fe11a41020.har", 16, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_wpt_h2_www.filamentgroup.com.har", 41, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_wpt_h2_www.nghttp2.org.har", 20, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_www.bbc.co.uk.160529_8V_7R3.har", 1050, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_www.bbc.com.har", 120, 0, ""},
	{"public/micmro_PerfCascade__src_test-data_www.google.co.kr.har", 10, 0, ""},
	{"public/mrichman_hargo__test_en.wikipedia.org.har", 15, 0, ""},
	{"public/mrichman_hargo__test_golang.org.har", 32, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_empty.har", 0, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_request-order.har", 2, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_request-parameters.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-binary.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-cloning.har", 2, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-compressed.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-cookies.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-error.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-json.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-status-101.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-status-304.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-stream.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-text.har", 1, 0, ""},
	{"public/mswjs_source__test_traffic_fixtures_archives_response-timing.har", 2, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_invalidHARFiles_invalidHAR.har", 0, 0, "refused: its JSON object has no member log"},
	{"public/postmanlabs_har-to-postman__test_data_invalidHARFiles_invalidVersion.har", 3, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_invalidHARFiles_noEntries.har", 0, 0, "har: its log has no entries"},
	{"public/postmanlabs_har-to-postman__test_data_invalidHARFiles_noLog.har", 0, 0, "refused: its JSON object has no member log"},
	{"public/postmanlabs_har-to-postman__test_data_invalidHARFiles_noRequest.har", 0, 1, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_developer.mozilla.org.mozilla.har", 12, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_example.har", 6, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_formdataParams.har", 1, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_formdataParamsSafari.har", 1, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_googleWebIns.har", 23, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_ipv6File.har", 88, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_multiplePost.har", 12, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_onePostJson.har", 1, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_onePostJsonCookies.har", 1, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_optionalNumberFieldsNullValues.har", 35, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_queryParams.har", 3, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_simpleImageRequest.har", 2, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_simpleImageRequestCookieResponse.har", 1, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_simpleImageRequestManyPages.har", 2, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_softwareishard.com.har", 2, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_textJavascript.har", 88, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_urlEncodedBody.har", 2, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_urlEncodedBodySafary.har", 1, 0, ""},
	{"public/postmanlabs_har-to-postman__test_data_validHARFiles_wikipedia.har", 35, 0, ""},
	{"public/saucelabs_network-viewer__examples_src_data_network.har", 49, 0, ""},
	{"mitmproxy/har_files/charles.har", 1, 0, ""},
	{"mitmproxy/har_files/chrome.har", 3, 0, ""},
	{"mitmproxy/har_files/firefox.har", 14, 0, ""},
	{"mitmproxy/har_files/head-content-length.har", 1, 0, ""},
	{"mitmproxy/har_files/insomnia.har", 1, 0, ""},
	{"mitmproxy/har_files/postdata.har", 1, 0, ""},
	{"mitmproxy/har_files/safari.har", 19, 0, ""},
	{"mitmproxy/har_files/with-bom.har", 1, 0, ""},
	{"mitmproxy/har_extractor.har", 0, 0, "refused: its JSON object has no member log"},
	{"mitmproxy/corrupted_har/broken_headers.json", 0, 0, "refused: its JSON object has no member log"},
	{"mitmproxy/corrupted_har/brokenfile.har", 0, 0, "refused: its log is not an object"},
	{"mitmproxy/flows/corrupted_gzip_body.har", 1, 0, ""},
	{"mitmproxy/flows/diff_data.har", 5, 0, ""},
	{"mitmproxy/flows/error_log.har", 2, 0, ""},
	{"mitmproxy/flows/event_stream.har", 2, 0, ""},
	{"mitmproxy/flows/incomplete_log.har", 4, 0, ""},
	{"mitmproxy/flows/successful_log.har", 2, 0, ""},
	{"mitmproxy/flows/websocket.har", 3, 0, ""},
	{"mitmproxy/historical/examples__contrib__export_har__flows__correct_flows.har", 4, 0, ""},
	{"mitmproxy/historical/examples__contrib__import_har__expected__brave.har", 0, 0, "har: its JSON object has no member log"},
	{"mitmproxy/historical/examples__contrib__import_har__expected__edge.har", 0, 0, "har: its JSON object has no member log"},
	{"mitmproxy/historical/examples__contrib__import_har__har_files__brave.har", 18, 0, ""},
	{"mitmproxy/historical/examples__contrib__import_har__har_files__edge.har", 22, 0, ""},
	{"mitmproxy/historical/examples__contrib__import_har__har_files__timed_out.har", 33, 0, ""},
	{"mitmproxy/historical/test__mitmproxy__data__har_files__invalid_content_encoding.har", 1, 0, ""},
	{"har/playwright-embed.har", 59, 0, ""},
	{"har/playwright-minimal.har", 59, 0, ""},
}

// allowed are the fields in which flows are not what mitmproxy makes of them,
// with the reason and with how many flows of the corpus it is about.
var allowed = map[string]struct {
	reason string
	count  int
}{
	"client.peername":           {"HAR does not say it, and mitmproxy invents 127.0.0.1:0", 1415},
	"comment":                   {"the comment of an entry is kept", 1},
	"error":                     {"why there is no response is kept", 35},
	"reason":                    {"statusText as written; mitmproxy looks up the status", 634},
	"request.body (absent)":     {"no postData is no body, not an empty one", 1331},
	"request.content-encoding":  {"headers are as captured, and the body says that it is decoded", 1},
	"request.content-length":    {"headers are as captured; mitmproxy adapts this to the body", 1384},
	"request.http_version":      {"the version as written; mitmproxy knows three", 825},
	"request.timestamp_end":     {"what timings say; mitmproxy takes the end of the entry", 1317},
	"response":                  {"status 0 or less without headers and body is no response", 56},
	"response.body (absent)":    {"no text is no body, not an empty one", 541},
	"response.content-encoding": {"headers are as captured, and the body says that it is decoded", 480},
	"response.content-length":   {"headers are as captured; mitmproxy adapts this to the body", 530},
	"response.http_version":     {"the version as written; mitmproxy knows three", 775},
	"response.timestamp_start":  {"what timings say; mitmproxy takes the start of the entry", 1319},
	"server.address":            {"what was asked for, from the URL; the serverIPAddress is the peer", 589},
	"server.peername":           {"an IPv6 address has no brackets", 102},
}

// TestCorpus reads every HAR of the corpus, and compares the flows with what
// mitmproxy loads, where it does.
func TestCorpus(t *testing.T) {
	listed, compared := map[string]bool{}, 0
	counts := map[string]int{}
	for _, file := range corpusFiles {
		listed[file.name] = true
		b := corpus.File(t, file.name)
		if err := sniff(b[:min(len(b), session.SniffLen)]); err != nil {
			if got := "refused: " + err.Error(); got != file.err {
				t.Errorf("%s: %s, want %q", file.name, got, file.err)
			}
			continue
		}
		r, l, err := readAll(t, blob.Bytes(b))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if len(l.Flows) != file.flows || len(l.Issues) != file.issues || got != file.err {
			t.Errorf("%s: %d flows, %d issues %v, error %q", file.name, len(l.Flows), len(l.Issues), l.Issues, got)
		}
		want, gaveUp := goldenOf(t, file.name)
		if !gaveUp && len(want) != len(l.Flows) {
			t.Errorf("%s: %d flows, mitmproxy has %d", file.name, len(l.Flows), len(want))
		}
		for i, e := range want[:min(len(want), len(l.Flows))] {
			compared++
			for _, d := range differences(t, r, l.Flows[i], e) {
				if counts[d.field]++; allowed[d.field].reason == "" {
					t.Errorf("%s, flow %d, %s: %s, want %s", file.name, i, d.field, d.got, d.want)
				}
			}
		}
	}
	for _, field := range slices.Sorted(maps.Keys(allowed)) {
		if counts[field] != allowed[field].count {
			t.Errorf("%s differs in %d flows, want %d", field, counts[field], allowed[field].count)
		}
	}
	if compared != 1415 {
		t.Errorf("%d flows were compared", compared)
	}
	for _, folder := range []string{"public", "mitmproxy", "har"} {
		unlisted(t, folder, listed)
	}
}

// unlisted fails for HARs that the table does not have.
func unlisted(t *testing.T, folder string, listed map[string]bool) {
	t.Helper()
	root := corpus.Path(t, "")
	err := filepath.WalkDir(filepath.Join(root, folder), func(name string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		short, err := filepath.Rel(root, name)
		if short = filepath.ToSlash(short); strings.Contains(path.Ext(short), ".har") && !listed[short] {
			t.Errorf("%s is not in the table", short)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// goldenOf returns what mitmproxy loads of a file of the corpus, if that is
// there.
func goldenOf(t *testing.T, name string) (flows []expected, gaveUp bool) {
	t.Helper()
	folder, rest, _ := strings.Cut(name, "/")
	switch rest = strings.ReplaceAll(rest, "/", "__"); {
	case folder == "har", strings.HasSuffix(rest, "_www.bbc.co.uk.160529_8V_7R3.har"):
		return nil, true
	case folder == "mitmproxy" && strings.HasPrefix(rest, "historical"):
		return golden(t, "repo__"+rest)
	case folder == "mitmproxy":
		return golden(t, "repo__data__"+rest)
	}
	return golden(t, folder+"__"+rest)
}

// zipFolder is a HAR in an archive.
type zipFolder struct {
	blob.Source
	files map[string][]byte
}

func (z zipFolder) Sibling(name string) (blob.Source, error) {
	b, ok := z.files[name]
	if !ok {
		return nil, errors.New("the archive has no such file")
	}
	return blob.Bytes(b), nil
}

// TestPlaywright holds what Playwright recorded with bodies in files of their
// own against the same pages with bodies in the HAR.
func TestPlaywright(t *testing.T) {
	archive := corpus.File(t, "har/playwright-attach.zip")
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	folder := zipFolder{files: map[string][]byte{}}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if folder.files[f.Name] = b; path.Ext(f.Name) == ".har" {
			folder.Source = blob.Bytes(b)
		}
	}
	attached, apart, err := readAll(t, folder)
	if err != nil || len(apart.Issues) != 0 {
		t.Fatal(err, apart.Issues)
	}
	whole, embedded, err := readAll(t, blob.Bytes(corpus.File(t, "har/playwright-embed.har")))
	if err != nil {
		t.Fatal(err)
	}
	same, bodies := 0, 0
	byURL := map[string][]byte{}
	for _, f := range embedded.Flows {
		byURL[string(f.Har.Url)] = bodyBytes(t, whole, f.Response.GetContent(), f.Response.GetBody())
	}
	for _, f := range apart.Flows {
		if f.Response.GetBody() == nil {
			continue
		}
		bodies++
		if bytes.Equal(byURL[string(f.Har.Url)], bodyBytes(t, attached, f.Response.Content, f.Response.Body)) {
			same++
		}
	}
	// The others are answers to what the two recordings sent differently, and
	// streams, which are not embedded.
	if len(apart.Flows) != 59 || bodies != 57 || same != 48 {
		t.Errorf("%d flows, %d bodies, %d as embedded", len(apart.Flows), bodies, same)
	}
}
