// tests/fftw/wisdom.test.cpp -- what was measured goes into a file and comes back
#include <faltung/fftw/wisdom.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include <faltung/fftw/tables.hpp>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

void forget_everything() {
    const std::lock_guard lock(fftw::planner_mutex());
    fftwf_forget_wisdom();
    fftw_forget_wisdom();
    fftwl_forget_wisdom();
}

// Whether FFTW, asked by its own functions, has wisdom for the transform of n real samples.
bool is_known_in_double(int n) {
    std::vector<double> x(static_cast<std::size_t>(n)), spectrum(2 * static_cast<std::size_t>(n / 2 + 1));
    const std::lock_guard lock(fftw::planner_mutex());
    const fftw_plan plan = fftw_plan_dft_r2c_1d(n, x.data(), reinterpret_cast<fftw_complex*>(spectrum.data()),
                                                FFTW_WISDOM_ONLY | FFTW_MEASURE | FFTW_UNALIGNED);
    fftw_destroy_plan(plan);
    return plan != nullptr;
}
void learn_in_double(int n) {
    std::vector<double> x(static_cast<std::size_t>(n)), spectrum(2 * static_cast<std::size_t>(n / 2 + 1));
    const std::lock_guard lock(fftw::planner_mutex());
    fftw_destroy_plan(fftw_plan_dft_r2c_1d(n, x.data(), reinterpret_cast<fftw_complex*>(spectrum.data()),
                                           FFTW_MEASURE | FFTW_UNALIGNED));
}

template <class R>
void measure(index_t n) {
    fftw::engine(fftw::measure).table(element_of<R>())->make({.n = {n}});
}

std::string content_of(char const* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t lines_of(std::string const& s) { return static_cast<std::size_t>(std::count(s.begin(), s.end(), '\n')); }

// A file in the folder where the test runs, for as long as a test lasts.
struct wisdom_file {
    char const* path = "faltung_test_wisdom";
    ~wisdom_file() { std::remove(path); }
    void write(std::string const& content) const { std::ofstream(path, std::ios::binary) << content; }
};

}  // namespace

TEST_CASE("wisdom: saved, forgotten and loaded, it is known again", "[fftw]") {
    const wisdom_file file;
    forget_everything();
    learn_in_double(240);
    REQUIRE(is_known_in_double(240));
    fftw::save_wisdom(file.path);
    forget_everything();
    REQUIRE(!is_known_in_double(240));
    fftw::load_wisdom(file.path);
    CHECK(is_known_in_double(240));
}

TEST_CASE("wisdom: a file holds each precision once, and saving it again changes nothing", "[fftw]") {
    const wisdom_file file;
    forget_everything();
    fftw::save_wisdom(file.path);
    const std::size_t nothing = lines_of(content_of(file.path));
    measure<float>(120);
    measure<double>(96);
    measure<long double>(60);
    fftw::save_wisdom(file.path);
    const std::string first = content_of(file.path);
    for (char const* part : {"fftwf_wisdom", "fftw_wisdom", "fftwl_wisdom"})
        CHECK(first.find(part) != std::string::npos);
    CHECK(lines_of(first) > nothing);
    forget_everything();
    fftw::load_wisdom(file.path);
    fftw::save_wisdom(file.path);
    CHECK(lines_of(content_of(file.path)) == lines_of(first));
}

TEST_CASE("wisdom: one precision alone, and as FFTW itself writes it", "[fftw]") {
    const wisdom_file file;
    forget_everything();
    learn_in_double(240);
    {
        const std::lock_guard lock(fftw::planner_mutex());
        REQUIRE(fftw_export_wisdom_to_filename(file.path));
    }
    forget_everything();
    fftw::load_wisdom(file.path);
    CHECK(is_known_in_double(240));

    fftw::save_wisdom<double>(file.path);
    CHECK(content_of(file.path).find("fftwf_wisdom") == std::string::npos);
    forget_everything();
    fftw::load_wisdom<double>(file.path);
    CHECK(is_known_in_double(240));
    CHECK(message_of<option_error>([&] { fftw::load_wisdom<float>(file.path); }) ==
          "fftw::load_wisdom: 'faltung_test_wisdom': part 1 is no wisdom that this FFTW takes");
}

TEST_CASE("wisdom: paths that cannot be, and files that are none", "[fftw]") {
    CHECK(message_of<option_error>([] { fftw::load_wisdom("no/such/folder/wisdom"); }) ==
          "fftw::load_wisdom: cannot read 'no/such/folder/wisdom': No such file or directory");
    CHECK(message_of<option_error>([] { fftw::load_wisdom("."); }) ==
          "fftw::load_wisdom: cannot read '.': Is a directory");
    CHECK(message_of<option_error>([] { fftw::save_wisdom("no/such/folder/wisdom"); }) ==
          "fftw::save_wisdom: cannot write 'no/such/folder/wisdom': No such file or directory");
    CHECK(message_of<option_error>([] { fftw::save_wisdom("/dev/full"); }) ==
          "fftw::save_wisdom: cannot write '/dev/full': No space left on device");

    const wisdom_file file;
    forget_everything();
    learn_in_double(240);
    fftw::save_wisdom<double>(file.path);
    const std::string good = content_of(file.path);
    forget_everything();
    for (std::string const& bad : {std::string(), std::string("()"), std::string("nonsense"), std::string(")("),
                                   good.substr(0, good.size() / 2), good.substr(1)}) {
        CAPTURE(bad);
        file.write(bad);
        CHECK(message_of<option_error>([&] { fftw::load_wisdom(file.path); }) ==
              "fftw::load_wisdom: 'faltung_test_wisdom': part 1 is no wisdom that this FFTW takes");
        CHECK(!is_known_in_double(240));
    }
    file.write(good + "(more)");
    CHECK(message_of<option_error>([&] { fftw::load_wisdom(file.path); }) ==
          "fftw::load_wisdom: 'faltung_test_wisdom': part 2 is no wisdom that this FFTW takes");
    CHECK(is_known_in_double(240));
}
