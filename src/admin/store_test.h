#pragma once
// For tests: a Service over a real store in a directory of its own, which goes when the test is over.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "admin/open.h"
#include "admin/service.h"
#include "db/open.h"

namespace carillon::admin {

inline json::object object(std::string_view text) { return json::parse(text).value().as_object(); }

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    char name[] = "/tmp/carillon-admin-XXXXXX";
    dir_ = ::mkdtemp(name);
    open();
  }
  ~StoreTest() override {
    service_.reset();
    std::filesystem::remove_all(dir_);
  }
  // Again: what was stored is there.
  void open() {
    service_.reset();
    auto repository = db::open_repository(dir_);
    ASSERT_TRUE(repository) << repository.error().text;
    service_ = open_service(std::move(repository).value(), Random(7)).value();
  }

  std::string dir_;
  std::unique_ptr<Service> service_;
};

}  // namespace carillon::admin
