#include "lines/documents.h"

#include <algorithm>

#include "base/text.h"
#include "sip/message/uri.h"

namespace carillon::lines {
namespace {

constexpr View kXml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n";

bool is_special(char c) { return static_cast<unsigned char>(c) < 0x20 || View("&<>\"").find(c) != View::npos; }

void append_sip(std::string& to, View number, View host) {
  to.append("sip:");
  append_xml(to, sip::escape_user(number));
  to.push_back('@');
  append_xml(to, host);
}

View word_of(call::LineLeg::State s) {
  constexpr View kWords[] = {"trying", "early", "confirmed"};
  return kWords[static_cast<size_t>(s)];
}

void append_attribute(std::string& to, View name, View value) {
  if (value.empty()) return;
  to.append(" ").append(name).append("=\"");
  append_xml(to, value);
  to.push_back('"');
}

// local or remote: who it is and where (§4.1.6).
void append_party(std::string& to, View element, View number, View name, View host, bool silent) {
  to.append("<").append(element).append("><identity");
  append_attribute(to, "display", name);
  to.push_back('>');
  append_sip(to, number, host);
  to.append("</identity><target uri=\"");
  append_sip(to, number, host);
  if (silent) {  // it holds the other: its media is not rendered (§4.1.6.2, RFC 3840 style feature)
    to.append("\"><param pname=\"+sip.rendering\" pval=\"no\"/></target></");
  } else {
    to.append("\"/></");
  }
  to.append(element).append(">\r\n");
}

void append_dialog(std::string& to, const Entity& e, const call::LineLeg& leg, bool gone) {
  to.append("<dialog");
  append_attribute(to, "id", leg.id);
  append_attribute(to, "call-id", leg.call_id);
  append_attribute(to, "local-tag", leg.phone_tag);
  append_attribute(to, "remote-tag", leg.our_tag);
  append_attribute(to, "direction", leg.initiator ? "initiator" : "recipient");
  to.append(">\r\n<state>").append(gone ? View("terminated") : word_of(leg.state)).append("</state>\r\n");
  if (!gone) {
    append_party(to, "local", e.number, {}, e.host, leg.holds);
    if (!leg.number.empty()) {
      append_party(to, "remote", leg.number, leg.name, e.host, false);
    } else {
      append_party(to, "remote", "anonymous", {}, "anonymous.invalid", false);
    }
  }
  to.append("</dialog>\r\n");
}

}  // namespace

void append_xml(std::string& to, View text) {
  if (std::none_of(text.begin(), text.end(), is_special)) {
    to.append(text);
    return;
  }
  for (const char c : text) {
    switch (c) {
      case '&':
        to.append("&amp;");
        break;
      case '<':
        to.append("&lt;");
        break;
      case '>':
        to.append("&gt;");
        break;
      case '"':
        to.append("&quot;");
        break;
      default:
        to.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
    }
  }
}

void append_message_summary(std::string& to, const Entity& entity, const Mailbox& m) {
  to.append("Messages-Waiting: ").append(m.waiting ? "yes" : "no").append("\r\nMessage-Account: sip:");
  to.append(sip::escape_user(entity.number)).append("@").append(entity.host).append("\r\n");
  if (!m.counted && m.waiting) return;  // that there are some is all that is known
  to.append("Voice-Message: ");
  append_number(to, m.fresh);
  to.push_back('/');
  append_number(to, m.old);
  to.append(" (");
  append_number(to, m.urgent_fresh);
  to.push_back('/');
  append_number(to, m.urgent_old);
  to.append(")\r\n");
}

void append_dialog_info_head(std::string& to, const Entity& entity, uint32_t version) {
  to.append(kXml).append("<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"");
  append_number(to, version);
  to.append("\" state=\"full\" entity=\"");
  append_sip(to, entity.number, entity.host);
  to.append("\">\r\n");
}

void append_dialogs(std::string& to, const Entity& entity, const std::vector<const call::LineLeg*>& legs,
                    const std::vector<call::LineLeg>& gone) {
  for (const call::LineLeg& leg : gone) append_dialog(to, entity, leg, true);
  for (const call::LineLeg* leg : legs) append_dialog(to, entity, *leg, false);
  to.append("</dialog-info>\r\n");
}

void append_presence(std::string& to, const Entity& entity, const Presence& p) {
  to.append(kXml).append(
      "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""
      " xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" entity=\"");
  append_sip(to, entity.number, entity.host);
  to.append("\">\r\n<tuple id=\"line\"><status><basic>").append(p.open ? "open" : "closed");
  to.append("</basic></status><contact>");
  append_sip(to, entity.number, entity.host);
  to.append("</contact>");
  if (!p.note.empty()) {
    to.append("<note>");
    append_xml(to, p.note);
    to.append("</note>");
  }
  to.append("</tuple>\r\n");
  if (!p.activities.empty()) {
    to.append("<dm:person id=\"person\"><rpid:activities>");
    for (const std::string& activity : p.activities) to.append("<rpid:").append(activity).append("/>");
    to.append("</rpid:activities></dm:person>\r\n");
  }
  to.append("</presence>\r\n");
}

}  // namespace carillon::lines
