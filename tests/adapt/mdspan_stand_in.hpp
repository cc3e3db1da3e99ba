// tests/adapt/mdspan_stand_in.hpp -- the members of std::mdspan that a view asks for, where the library has none yet
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

namespace stand_in {

template <class Index, std::size_t Rank>
struct extents {
    using index_type = Index;
    using rank_type = std::size_t;
    std::array<Index, Rank> n;
};

struct layout_right {
    template <class Extents>
    struct mapping {
        Extents e;
        constexpr bool is_strided() const { return true; }
        constexpr auto stride(std::size_t r) const {
            typename Extents::index_type product = 1;
            for (std::size_t a = r + 1; a < e.n.size(); ++a) product *= e.n[a];
            return product;
        }
    };
};

struct layout_left {
    template <class Extents>
    struct mapping {
        Extents e;
        constexpr bool is_strided() const { return true; }
        constexpr auto stride(std::size_t r) const {
            typename Extents::index_type product = 1;
            for (std::size_t a = 0; a < r; ++a) product *= e.n[a];
            return product;
        }
    };
};

struct layout_stride {
    template <class Extents>
    struct mapping {
        Extents e;
        decltype(Extents::n) steps;
        constexpr bool is_strided() const { return true; }
        constexpr auto stride(std::size_t r) const { return steps[r]; }
    };
};

// Rows of which every second one is shifted: strided only as long as there are no more than two.
struct layout_staggered {
    template <class Extents>
    struct mapping {
        Extents e;
        constexpr bool is_strided() const { return e.n[0] <= 2; }
        constexpr typename Extents::index_type stride(std::size_t r) const { return r == 0 ? e.n[1] + 1 : 1; }
    };
};

// Small square tiles, one after the other: no stride from a tile to the next.
struct layout_tiled {
    template <class Extents>
    struct mapping {
        Extents e;
        constexpr bool is_strided() const { return false; }
    };
};

template <class T>
struct default_accessor {
    using element_type = T;
    using data_handle_type = T*;
    using reference = T&;
};

// Shows the double of what lies in memory.
template <class T>
struct doubling_accessor {
    using element_type = T const;
    using data_handle_type = T*;
    using reference = T;
};

template <class T, class Extents, class Layout = layout_right, class Accessor = default_accessor<T>>
class mdspan {
public:
    using extents_type = Extents;
    using layout_type = Layout;
    using accessor_type = Accessor;
    using mapping_type = typename Layout::template mapping<Extents>;
    using element_type = T;
    using value_type = std::remove_cv_t<T>;
    using index_type = typename Extents::index_type;
    using rank_type = std::size_t;
    using data_handle_type = typename Accessor::data_handle_type;
    using reference = typename Accessor::reference;

    constexpr mdspan(data_handle_type data, mapping_type const& m) : data_(data), mapping_(m) {}

    static constexpr rank_type rank() { return std::tuple_size_v<decltype(Extents::n)>; }
    constexpr bool is_strided() const { return mapping_.is_strided(); }
    constexpr index_type extent(rank_type r) const { return mapping_.e.n[r]; }
    constexpr index_type stride(rank_type r) const { return mapping_.stride(r); }
    constexpr data_handle_type const& data_handle() const { return data_; }
    constexpr mapping_type const& mapping() const { return mapping_; }

private:
    data_handle_type data_;
    mapping_type mapping_;
};

}  // namespace stand_in
