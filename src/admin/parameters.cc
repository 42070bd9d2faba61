// Service parameters as a collection: fixed names; set and reset instead of add and remove.

#include "admin/collection.h"
#include "base/text.h"
#include "config/entities/service_parameters.h"

namespace carillon::admin {

namespace {

class Parameters final : public CollectionVerbs {
 public:
  explicit Parameters(Core& core) : core_(core) {}

  Result<json::array> list(const ListQuery& query) override {
    json::array rows;
    for (const config::Parameter& p : config::parameters()) {
      if (p.name <= query.after && !query.after.empty()) continue;
      if (!wanted(p, query)) continue;
      rows.push_back(show(p));
      if (query.limit != 0 && rows.size() == query.limit) break;
    }
    return rows;
  }

  Result<json::object> get(std::string_view name) override {
    const config::Parameter* p = config::find_parameter(name);
    if (p == nullptr) return unknown(name);
    return show(*p);
  }

  Result<Written> add(const json::object&) override {
    return Fault{FaultKind::invalid, "parameters are fixed; set one instead", ""};
  }

  Result<uint64_t> remove(std::string_view) override {
    return Fault{FaultKind::invalid, "parameters cannot be removed; reset one instead", ""};
  }

  Result<Written> update(std::string_view name, const json::object& fields, uint64_t if_revision) override {
    const config::Parameter* p = config::find_parameter(name);
    if (p == nullptr) return unknown(name);
    const auto revisions = core_.repository().parameter_revisions();
    const auto changed = revisions.find(p->name);
    if (if_revision != 0 && changed != revisions.end() && changed->second > if_revision) {
      return Fault{FaultKind::conflict,
                   "changed meanwhile: it is of revision " + std::to_string(changed->second) + " now", ""};
    }
    const auto given = value_given(fields);
    if (!given) return given.error();
    const auto value = config::normal_value(*p, *given);
    if (!value) return value.error();
    return write(*p, *value, "update");
  }

  Result<Written> reset(std::string_view name) override {
    const config::Parameter* p = config::find_parameter(name);
    if (p == nullptr) return unknown(name);
    return write(*p, std::string(p->default_value), "reset");
  }

  json::object facts() override {
    json::object o;
    o["path"] = "parameters", o["noun"] = "parameter", o["schema"] = "ServiceParameter";
    o["label"] = "Service Parameter", o["key"] = "name";
    o["verbs"] = json::array{"list", "show", "set", "reset"};
    json::object value;
    value["name"] = "value", value["flag"] = "value", value["type"] = "text",
    value["help"] = "Value; lists are comma-separated";
    value["required"] = true, value["values"] = json::array{}, value["target"] = "";
    o["fields"] = json::array{value};
    return o;
  }

  std::pair<std::string, json::object> schema() override {
    json::object properties;
    for (const char* name : {"name", "value", "default", "type", "help"}) {
      properties[name] = json::object{{"type", "string"}, {"readOnly", std::string_view(name) != "value"}};
    }
    properties["modified"] = json::object{{"type", "boolean"}, {"readOnly", true}};
    properties["revision"] = json::object{{"type", "integer"}, {"readOnly", true}};
    json::object o;
    o["type"] = "object", o["title"] = "Service Parameter";
    o["properties"] = std::move(properties);
    o["required"] = json::array{"value"};
    return {"ServiceParameter", std::move(o)};
  }

 private:
  static Fault unknown(std::string_view name) {
    return {FaultKind::not_found, "there is no parameter \"" + printable(name, 80) + "\"", ""};
  }

  static json::value text(std::string_view v) { return json::value(boost::json::string_view(v.data(), v.size())); }

  bool wanted(const config::Parameter& p, const ListQuery& query) {
    for (const auto& [name, value] : query.filters) {
      const bool there =
          name == "q" ? p.name.find(value) != std::string_view::npos || p.help.find(value) != std::string_view::npos
                      : name == "name" && p.name == value;
      if (!there) return false;
    }
    return true;
  }

  json::object show(const config::Parameter& p) {
    const auto& values = core_.publisher().parameters();
    const auto revisions = core_.repository().parameter_revisions();
    const auto changed = revisions.find(p.name);
    json::object o;
    o["name"] = text(p.name);
    o["value"] = text(config::value_of(values, p.name));
    o["default"] = text(p.default_value);
    o["type"] = text(config::type_word(p.type));
    o["help"] = text(p.help);
    o["modified"] = values.find(p.name) != values.end();
    o["revision"] = changed == revisions.end() ? uint64_t{0} : changed->second;
    return o;
  }

  // "value" as a text, a number, a truth value or a list.
  static Result<std::string> value_given(const json::object& fields) {
    for (const auto& field : fields) {
      const std::string_view name(field.key().data(), field.key().size());
      const bool shown = name == "name" || name == "default" || name == "type" || name == "help" ||
                         name == "modified" || name == "revision";
      if (name != "value" && !shown)
        return Fault{FaultKind::invalid, "there is no such field of a parameter", printable(name, 60)};
    }
    const json::value* v = fields.if_contains("value");
    if (v == nullptr) return Fault{FaultKind::invalid, "is required", "value"};
    if (v->is_null()) return std::string();
    if (v->is_string()) return std::string(v->get_string().data(), v->get_string().size());
    if (v->is_bool()) return std::string(v->get_bool() ? "on" : "off");
    if (v->is_int64()) return std::to_string(v->get_int64());
    if (!v->is_array())
      return Fault{FaultKind::invalid, "must be a text, a number, true or false, or a list of texts", "value"};
    std::string all;
    for (const json::value& item : v->get_array()) {
      if (!item.is_string()) return Fault{FaultKind::invalid, "must be a list of texts", "value"};
      if (!all.empty()) all += ',';
      all.append(item.get_string().data(), item.get_string().size());
    }
    return all;
  }

  Result<Written> write(const config::Parameter& p, const std::string& value, const char* what) {
    config::ParameterValues next = core_.publisher().parameters();
    if (config::value_of(next, p.name) == value) return Written{show(p), core_.revision()};
    const bool standard = value == p.default_value;
    if (standard) {
      next.erase(std::string(p.name));
    } else {
      next[std::string(p.name)] = value;
    }
    const std::string wrong = config::check_parameters(next);
    if (!wrong.empty()) return Fault{FaultKind::invalid, wrong, "value"};
    const json::object before = show(p);
    const auto revision = core_.begin();
    if (!revision) return revision.error();
    core_.repository().set_parameter(p.name, standard ? std::nullopt : std::optional<std::string>(value), *revision);
    core_.publisher().touch_parameters();
    json::object after = before;
    after["value"] = text(value);
    after["modified"] = !standard;
    after["revision"] = *revision;
    const auto done = core_.commit(*revision, {.revision = *revision,
                                               .what = what,
                                               .collection = "parameters",
                                               .name = std::string(p.name),
                                               .before = before,
                                               .after = after});
    if (!done) return done.error();
    return Written{show(p), *revision};
  }

  Core& core_;
};

}  // namespace

std::unique_ptr<CollectionVerbs> parameter_collection(Core& core) { return std::make_unique<Parameters>(core); }

}  // namespace carillon::admin
